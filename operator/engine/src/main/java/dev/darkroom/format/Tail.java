package dev.darkroom.format;

import java.nio.ByteBuffer;

/**
 * The last {@link Ending#TAIL_BYTES} of a stream: a ring buffer, so adding a byte copies only that
 * byte.
 */
final class Tail {
  private final byte[] ring = new byte[Ending.TAIL_BYTES];
  private long seen;

  void take(ByteBuffer chunk, int index, int length) {
    int skip = Math.max(0, length - ring.length);
    seen += skip;
    int left = length - skip;
    int from = index + skip;
    while (left > 0) {
      int at = (int) (seen % ring.length);
      int count = Math.min(left, ring.length - at);
      chunk.get(from, ring, at, count);
      seen += count;
      from += count;
      left -= count;
    }
  }

  Bytes bytes() {
    int length = (int) Math.min(seen, ring.length);
    byte[] ordered = new byte[length];
    int start = (int) ((seen - length) % ring.length);
    int first = Math.min(length, ring.length - start);
    System.arraycopy(ring, start, ordered, 0, first);
    System.arraycopy(ring, 0, ordered, first, length - first);
    return new Bytes(ordered, length);
  }
}
