package dev.darkroom.transfer.memory;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Direct buffers of one size that are used again and again by all transfers. It allocates when it
 * has none left, so who takes is bounded elsewhere: each transfer by its {@link Chunks}. Safe for
 * use by many threads.
 */
public final class BufferPool {

  private final int bufferBytes;
  private final ConcurrentLinkedDeque<ByteBuffer> idle = new ConcurrentLinkedDeque<>();
  private final AtomicInteger allocated = new AtomicInteger();

  public BufferPool(int bufferBytes) {
    this.bufferBytes = bufferBytes;
  }

  /** An empty buffer; the one that was given back last, which caches know best. */
  ByteBuffer take() {
    ByteBuffer buffer = idle.pollFirst();
    if (buffer == null) {
      buffer = ByteBuffer.allocateDirect(bufferBytes);
      allocated.incrementAndGet();
    }
    return buffer.clear();
  }

  void give(ByteBuffer buffer) {
    idle.addFirst(buffer);
  }

  /** How long each is. */
  int bufferBytes() {
    return bufferBytes;
  }

  /** How many buffers there are, in use or idle. */
  public int allocated() {
    return allocated.get();
  }

  /** How many of them nobody uses now. */
  public int idle() {
    return idle.size();
  }
}
