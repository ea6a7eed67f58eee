package dev.darkroom.format;

/**
 * A range of the file that a probe needs.
 *
 * @param offset offset in the file, in bytes; not before bytes that have passed, except inside the
 *     head
 * @param length number of bytes, at most {@link #MAX_BYTES}
 */
record Window(long offset, int length) {
  static final int MAX_BYTES = 1 << 20;

  Window {
    if (offset < 0 || length <= 0 || length > MAX_BYTES) {
      throw new IllegalArgumentException("window of " + length + " bytes at " + offset);
    }
  }

  long end() {
    return offset + length;
  }
}
