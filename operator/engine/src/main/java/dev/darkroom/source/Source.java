package dev.darkroom.source;

import java.util.Optional;

/**
 * A place that bytes come from. It can be opened again and again; each opening begins at the first
 * byte. Safe for use by many threads.
 */
public interface Source {

  /**
   * Asks for the bytes. Blocks until the answer's head is there; no body byte is read yet.
   *
   * @throws SourceException saying why there are none
   * @throws InterruptedException when the thread was interrupted while it waited
   */
  SourceBody open() throws SourceException, InterruptedException;

  /**
   * Asks for a part of the bytes. The body is that part alone; its head tells of the whole.
   *
   * @param range which part; it may end past the last byte, then less comes
   * @param validator the version that the part must be of, as a {@link SourceHead} named it; empty
   *     for whatever is there
   * @return the part; or the whole, from the first byte on, when the range begins at 0 and the
   *     source does not serve ranges: then its head says so, and the body may be longer than the
   *     range
   * @throws SourceException {@code CHANGED} when the version is another, {@code RANGE_REFUSED} when
   *     the source does not serve this range, or serves something else in its place
   * @throws InterruptedException when the thread was interrupted while it waited
   */
  default SourceBody open(ByteRange range, Optional<String> validator)
      throws SourceException, InterruptedException {
    if (range.offset() == 0 && validator.isEmpty()) {
      return new WithoutRanges(open());
    }
    throw new SourceException(
        SourceException.Kind.RANGE_REFUSED, describe() + " can't be read in parts");
  }

  /** Where the bytes come from, for people; holds no secret. */
  String describe();
}
