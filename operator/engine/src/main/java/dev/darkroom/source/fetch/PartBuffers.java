package dev.darkroom.source.fetch;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Direct buffers for parts, lent and taken back: the memory of one that is given up is only free
 * again after some garbage collection. Keeps a few for the next fetch. Safe for use by many
 * threads.
 */
final class PartBuffers {

  private static final int MOST_KEPT = 16;
  private static final long MOST_BYTES_KEPT = 128L << 20;
  private static final Deque<ByteBuffer> KEPT = new ArrayDeque<>();
  private static long bytesKept;

  private PartBuffers() {}

  /**
   * A buffer of at least a capacity.
   *
   * @throws OutOfMemoryError when the process may have no more direct memory
   */
  static ByteBuffer take(int capacity) {
    synchronized (KEPT) {
      for (Iterator<ByteBuffer> kept = KEPT.iterator(); kept.hasNext(); ) {
        ByteBuffer buffer = kept.next();
        if (buffer.capacity() >= capacity && buffer.capacity() / 2 <= capacity) {
          kept.remove();
          bytesKept -= buffer.capacity();
          return buffer.clear();
        }
      }
    }
    return ByteBuffer.allocateDirect(capacity);
  }

  /** Takes one back that nobody uses any more. */
  static void giveBack(ByteBuffer buffer) {
    synchronized (KEPT) {
      if (KEPT.size() < MOST_KEPT && bytesKept + buffer.capacity() <= MOST_BYTES_KEPT) {
        KEPT.addFirst(buffer);
        bytesKept += buffer.capacity();
      }
    }
  }
}
