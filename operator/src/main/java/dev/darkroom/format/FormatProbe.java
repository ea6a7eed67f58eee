package dev.darkroom.format;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One format's knowledge. A probe is made for one file and sees it once: the head, then the windows
 * it asks for one after the other, then the end.
 *
 * <p>Everything it answers depends on the bytes alone, never on how they were cut into chunks: each
 * window is shown when its last byte has come, before any byte after it is looked at.
 */
sealed interface FormatProbe
    permits GptProbe,
        IsoProbe,
        LuksProbe,
        OpaqueProbe,
        PloopProbe,
        Qcow2Probe,
        QedProbe,
        VdiProbe,
        VhdProbe,
        VhdxProbe,
        VmdkProbe {

  /** The format it recognises. */
  DiskFormat format();

  /** The name of the format in messages. */
  default String name() {
    return format().apiName();
  }

  /** Whether the head carries the format's mark. Cheap, and true for malformed ones as well. */
  boolean recognises(Bytes head);

  /**
   * Examines the head of a file that it recognises.
   *
   * @return what else it must see, empty if nothing
   * @throws Refusal if these bytes must not be stored
   */
  Optional<Window> begin(Bytes head) throws Refusal;

  /**
   * Examines the window it asked for, all of it.
   *
   * @return what else it must see; it does not begin before the end of this one
   * @throws Refusal if these bytes must not be stored
   */
  default Optional<Window> proceed(Bytes window) throws Refusal {
    return Optional.empty();
  }

  /**
   * Its tables, which are read as they pass by, after the head that it began with: what they say is
   * refused there, or at the {@link #end}. Those that come before the window that named them are
   * not read.
   */
  default Optional<TableWalk> tables() {
    return Optional.empty();
  }

  /**
   * Checks what only the end can tell.
   *
   * @throws Refusal if these bytes must not be stored
   */
  void end(Ending ending) throws Refusal;

  /** Bytes the guest's disk has, as far as is known by now. */
  OptionalLong virtualSize();

  /** See {@link Verdict.Accepted#notes()}. */
  default List<String> notes() {
    return List.of();
  }

  /** Refuses as unsafe, in that sentence, what does not hold. */
  default void require(boolean holds, String otherwise) throws Refusal {
    if (!holds) {
      throw unsafe(otherwise);
    }
  }

  /** The refusal whose sentence begins with the format's name and goes on like that. */
  default Refusal unsafe(String sentence) {
    return Refusal.unsafe(format(), name() + " " + sentence);
  }

  /** Refuses a file whose header ends before that many bytes. */
  default void requireHeader(Bytes bytes, int length) throws Refusal {
    if (!bytes.has(0, length)) {
      throw Refusal.truncated(format(), name() + " is cut off in the middle of its header");
    }
  }

  /** Refuses a file that ends before or at that offset, where something is said to begin. */
  default void requireBeyond(Ending ending, long start, String what) throws Refusal {
    if (start >= ending.totalBytes()) {
      throw Refusal.truncated(
          format(),
          "%s is cut off: a %s begins at byte %d, the file ends at byte %d"
              .formatted(name(), what, start, ending.totalBytes()));
    }
  }

  /** Refuses a file that ends before that (unsigned) offset. */
  default void requireReaches(Ending ending, long end, String what) throws Refusal {
    if (!ending.reaches(end)) {
      throw Refusal.truncated(
          format(),
          "%s is cut off: its %s ends at byte %s, the file at byte %d"
              .formatted(name(), what, Long.toUnsignedString(end), ending.totalBytes()));
    }
  }
}
