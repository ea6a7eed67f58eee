package dev.darkroom.format;

/**
 * A stretch of the file that a probe needs.
 *
 * @param offset bytes from the start of the file; not before bytes that have passed, except inside
 *     the head
 * @param length bytes, at most {@link #MAX_BYTES}
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
