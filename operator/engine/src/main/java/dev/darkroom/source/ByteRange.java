package dev.darkroom.source;

/**
 * A range of bytes.
 *
 * @param offset its first byte, from 0
 * @param length the number of bytes, at least 1
 */
public record ByteRange(long offset, long length) {

  /** Checks the bounds. */
  public ByteRange {
    if (offset < 0 || length < 1 || offset > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException("offset or length is negative: " + offset + ", " + length);
    }
  }

  /** Returns the range of all bytes from an offset on. */
  public static ByteRange from(long offset) {
    return new ByteRange(offset, Long.MAX_VALUE - offset);
  }

  /** Returns whether the range extends to the end of the bytes. */
  public boolean isOpenEnded() {
    return end() == Long.MAX_VALUE;
  }

  /** Returns the offset behind the last byte. */
  public long end() {
    return offset + length;
  }
}
