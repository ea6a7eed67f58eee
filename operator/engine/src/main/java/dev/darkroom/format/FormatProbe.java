package dev.darkroom.format;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Recognises and checks one format. A probe is made for one file, which passes once: the head, then
 * the windows that the probe asks for one after the other, then the end.
 *
 * <p>The answers depend on the bytes alone, never on how they were cut into chunks: each window is
 * shown when its last byte has arrived, before any later byte.
 *
 * <p>Which refusal: {@code Unsafe} where the bytes that are present contradict each other or need
 * another file, {@code Truncated} where they agree and the rest is missing.
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

  /** The format that it recognises. */
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
   * @return the next window; empty if there is none
   * @throws Refusal if these bytes must not be stored
   */
  Optional<Window> begin(Bytes head) throws Refusal;

  /**
   * Examines the window that it asked for.
   *
   * @return the next window, which does not begin before the end of this one
   * @throws Refusal if these bytes must not be stored
   */
  default Optional<Window> proceed(Bytes window) throws Refusal {
    return Optional.empty();
  }

  /**
   * The tables of the format, which are read as they pass: an entry is refused there, or at the
   * {@link #end}. A table before the window that named it is not read.
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

  /** The bytes of the guest's disk, if they are known by now. */
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

  /**
   * The last byte that a sound file of this disk can need, with room to spare: twice the disk and 1
   * GiB for tables and what was freed. A place behind it was not cut off but made up.
   */
  default long farthest() {
    long size = virtualSize().orElse(Long.MAX_VALUE);
    return size >= Long.MAX_VALUE / 4 ? Long.MAX_VALUE : 2 * size + (1L << 30);
  }

  /**
   * Refuses a file that ends before or at that offset, where something is said to begin: as
   * truncated, or as unsafe where no file of this disk has such an offset.
   */
  default void requireBeyond(Ending ending, long start, String what) throws Refusal {
    if (start >= ending.totalBytes()) {
      requirePossible(start, what);
      throw Refusal.truncated(
          format(),
          "%s is cut off: a %s begins at byte %d, the file ends at byte %d"
              .formatted(name(), what, start, ending.totalBytes()));
    }
  }

  /**
   * Refuses a file that ends before that (unsigned) offset: as truncated, or as unsafe where no
   * file of this disk has such an offset.
   */
  default void requireReaches(Ending ending, long end, String what) throws Refusal {
    if (!ending.reaches(end)) {
      requirePossible(end, what);
      throw Refusal.truncated(
          format(),
          "%s is cut off: its %s ends at byte %d, the file at byte %d"
              .formatted(name(), what, end, ending.totalBytes()));
    }
  }

  private void requirePossible(long place, String what) throws Refusal {
    require(
        place >= 0 && place <= farthest(),
        "has a %s at byte %s, where no file of this disk has one"
            .formatted(what, Long.toUnsignedString(place)));
  }
}
