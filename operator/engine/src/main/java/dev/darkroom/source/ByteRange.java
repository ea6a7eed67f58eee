package dev.darkroom.source;

/**
 * A part of some bytes.
 *
 * @param offset its first byte, from 0
 * @param length how many bytes it has, at least 1
 */
public record ByteRange(long offset, long length) {

  /** Checks the bounds. */
  public ByteRange {
    if (offset < 0 || length < 1 || offset > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException("no range: offset " + offset + ", length " + length);
    }
  }

  /** All bytes from an offset on, however many there are. */
  public static ByteRange from(long offset) {
    return new ByteRange(offset, Long.MAX_VALUE - offset);
  }

  /** Whether it has no end but that of the bytes. */
  public boolean isOpenEnded() {
    return end() == Long.MAX_VALUE;
  }

  /** The offset after its last byte. */
  public long end() {
    return offset + length;
  }
}
