package dev.darkroom.source;

import java.util.Optional;

/**
 * A place that bytes come from. Can be opened many times; each body starts at the first byte.
 * Thread-safe.
 */
public interface Source {

  /**
   * Requests the bytes. Blocks until the head of the answer has come; reads no byte of the body.
   *
   * @throws SourceException the reason why there is no body
   * @throws InterruptedException when the thread is interrupted while it waits
   */
  SourceBody open() throws SourceException, InterruptedException;

  /**
   * Requests a range of the bytes. The body is that range alone; its head describes all bytes.
   *
   * @param range the range; where it ends past the last byte, the body is shorter
   * @param validator the required version, from a {@link SourceHead}; empty for any version
   * @return the range; or all bytes, when the range begins at 0 and the source does not serve
   *     ranges: then the head says so, and the body may be longer than the range
   * @throws SourceException {@code CHANGED} for another version, {@code RANGE_REFUSED} when the
   *     source does not serve this range or serves other bytes instead
   * @throws InterruptedException when the thread is interrupted while it waits
   */
  default SourceBody open(ByteRange range, Optional<String> validator)
      throws SourceException, InterruptedException {
    if (range.offset() == 0 && validator.isEmpty()) {
      return new WithoutRanges(open());
    }
    throw new SourceException(
        SourceException.Kind.RANGE_REFUSED, describe() + " can't be read in parts");
  }

  /** Returns where the bytes come from, for messages; contains no secret. */
  String describe();
}
