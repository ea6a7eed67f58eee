package dev.darkroom.source.fetch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * A pool of direct buffers for parts. The memory of a discarded direct buffer is free only after a
 * garbage collection, so up to 16 buffers and 128 MiB are kept for the next fetch. Thread-safe.
 */
final class PartBuffers {

  private static final int MAX_KEPT = 16;
  private static final long MAX_BYTES_KEPT = 128L << 20;
  private static final Object LOCK = new Object();

  @GuardedBy("LOCK")
  private static final Deque<ByteBuffer> KEPT = new ArrayDeque<>();

  @GuardedBy("LOCK")
  private static long bytesKept;

  private PartBuffers() {}

  /**
   * Returns a buffer of at least the capacity.
   *
   * @throws OutOfMemoryError when the process reaches its limit of direct memory
   */
  static ByteBuffer take(int capacity) {
    synchronized (LOCK) {
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

  /** Takes a buffer back; the caller must not use it any more. */
  static void giveBack(ByteBuffer buffer) {
    synchronized (LOCK) {
      if (KEPT.size() < MAX_KEPT && bytesKept + buffer.capacity() <= MAX_BYTES_KEPT) {
        KEPT.addFirst(buffer);
        bytesKept += buffer.capacity();
      }
    }
  }
}
