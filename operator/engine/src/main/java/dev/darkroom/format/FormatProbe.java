package dev.darkroom.format;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Recognises and checks one format. A probe reads one file once: first the head, then the windows
 * that the probe requests one after the other, then the end.
 *
 * <p>The results depend on the bytes only, not on the sizes of the chunks: the probe receives each
 * window when its last byte has arrived, before any later byte.
 *
 * <p>The refusal is {@code Unsafe} if the present bytes contradict each other or need another file,
 * and {@code Truncated} if they are consistent and the rest is missing.
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

  /** Returns the format that this probe recognises. */
  DiskFormat format();

  /** The name of the format in messages. */
  default String name() {
    return format().apiName();
  }

  /**
   * Returns whether the head has the magic number of the format. Cheap; true for malformed images
   * too.
   */
  boolean recognises(Bytes head);

  /**
   * Examines the head of a recognised file.
   *
   * @return the next window; empty if the probe needs no other window
   * @throws Refusal if these bytes must not be stored
   */
  Optional<Window> begin(Bytes head) throws Refusal;

  /**
   * Examines the requested window.
   *
   * @return the next window, which does not begin before the end of this one
   * @throws Refusal if these bytes must not be stored
   */
  default Optional<Window> proceed(Bytes window) throws Refusal {
    return Optional.empty();
  }

  /**
   * The tables of the format. They are read while the file passes; a bad entry is refused at once
   * or at the {@link #end}. A table before the window that names it is not read.
   */
  default Optional<TableWalk> tables() {
    return Optional.empty();
  }

  /**
   * Makes the checks that need the end of the file.
   *
   * @throws Refusal if these bytes must not be stored
   */
  void end(Ending ending) throws Refusal;

  /** The size of the guest's disk in bytes, if it is known already. */
  OptionalLong virtualSize();

  /** See {@link Verdict.Accepted#notes()}. */
  default List<String> notes() {
    return List.of();
  }

  /** Refuses the image as unsafe, with that sentence, unless the condition holds. */
  default void require(boolean holds, String otherwise) throws Refusal {
    if (!holds) {
      throw unsafe(otherwise);
    }
  }

  /** Makes a refusal; its message is the name of the format, followed by that sentence. */
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
   * The largest offset that a valid file of this disk can contain, with a margin: twice the virtual
   * size, and 1 GiB for tables and freed clusters. A larger offset is not a sign of a truncated
   * file, but of an invented value.
   */
  default long farthest() {
    long size = virtualSize().orElse(Long.MAX_VALUE);
    return size >= Long.MAX_VALUE / 4 ? Long.MAX_VALUE : 2 * size + (1L << 30);
  }

  /**
   * Refuses a file that ends before or at that offset, at which a structure begins. The file is
   * truncated, or unsafe if no file of this disk can have such an offset.
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
   * Refuses a file that ends before that (unsigned) offset. The file is truncated, or unsafe if no
   * file of this disk can have such an offset.
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
