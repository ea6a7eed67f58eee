package dev.darkroom.transfer.memory;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Direct buffers of one size, reused by all transfers. Allocates a buffer when none is idle; the
 * number of buffers is limited by the {@link Chunks} of each transfer. Thread-safe.
 */
public final class BufferPool {

  private final int bufferBytes;
  private final ConcurrentLinkedDeque<ByteBuffer> idle = new ConcurrentLinkedDeque<>();
  private final AtomicInteger allocated = new AtomicInteger();

  /**
   * @param bufferBytes the size of each buffer, at least 1
   */
  public BufferPool(int bufferBytes) {
    this.bufferBytes = bufferBytes;
  }

  /** Takes an empty buffer: the one that was returned last, which is likely in a CPU cache. */
  ByteBuffer take() {
    ByteBuffer buffer = idle.pollFirst();
    if (buffer == null) {
      buffer = ByteBuffer.allocateDirect(bufferBytes);
      allocated.incrementAndGet();
    }
    return buffer.clear();
  }

  /** Returns a buffer. */
  void give(ByteBuffer buffer) {
    idle.addFirst(buffer);
  }

  /** How many bytes each buffer has. */
  int bufferBytes() {
    return bufferBytes;
  }

  /** How many buffers there are, in use or idle. */
  public int allocated() {
    return allocated.get();
  }

  /** How many buffers are idle. */
  public int idle() {
    return idle.size();
  }
}
