package dev.darkroom.format;

import java.nio.ByteBuffer;

/** Collects the bytes of a window while the file passes in order. */
final class Capture {
  private final Window window;
  private final byte[] bytes;
  private int filled;

  Capture(Window window) {
    this.window = window;
    this.bytes = new byte[window.length()];
  }

  /** Copies the missing bytes from a range of {@code length} bytes at that offset in the file. */
  void take(long position, ByteBuffer chunk, int index, int length) {
    long wanted = window.offset() + filled;
    if (wanted < position) {
      throw new IllegalStateException("byte " + wanted + " has gone by at " + position);
    }
    if (complete() || wanted >= position + length) {
      return;
    }
    int skip = (int) (wanted - position);
    int count = Math.min(length - skip, bytes.length - filled);
    chunk.get(index + skip, bytes, filled, count);
    filled += count;
  }

  boolean complete() {
    return filled == bytes.length;
  }

  long end() {
    return window.end();
  }

  /** The bytes collected so far, as a buffer. */
  ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes, 0, filled);
  }

  /** The bytes collected so far, without a copy. */
  Bytes bytes() {
    return new Bytes(bytes, filled);
  }
}
