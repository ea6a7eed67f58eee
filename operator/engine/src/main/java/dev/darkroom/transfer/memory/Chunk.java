package dev.darkroom.transfer.memory;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A piece of the stream: filled by the reader, then read by several consumers at once. It counts
 * its holders; its buffer goes back to the pool with the last release.
 */
public final class Chunk {

  private final ByteBuffer buffer;
  private final Consumer<ByteBuffer> pool;
  private final Runnable permit;
  private final AtomicInteger holders = new AtomicInteger(1);
  private final AtomicBoolean permitReturned = new AtomicBoolean();

  /**
   * Makes a chunk with one holder, the caller.
   *
   * @param pool takes the buffer back after the last release
   * @param permit run once, at the last release or at {@link #forfeit}: another chunk may be taken
   */
  public Chunk(ByteBuffer buffer, Consumer<ByteBuffer> pool, Runnable permit) {
    this.buffer = buffer;
    this.pool = pool;
    this.permit = permit;
  }

  /** The buffer to fill; only before the chunk has another holder. */
  public ByteBuffer buffer() {
    return buffer;
  }

  /** The bytes, with a position of the caller's own. To be read only. */
  public ByteBuffer bytes() {
    return buffer.duplicate();
  }

  /** Adds a holder; the caller is one already. */
  public void retain() {
    holders.incrementAndGet();
  }

  /** Removes a holder, which does not touch the chunk again. */
  public void release() {
    int left = holders.decrementAndGet();
    if (left == 0) {
      pool.accept(buffer);
      forfeit();
    } else if (left < 0) {
      throw new IllegalStateException("a chunk was released more often than it was held");
    }
  }

  /** Stops counting the chunk as in flight: an abandoned consumer may hold it for ever. */
  public void forfeit() {
    if (permitReturned.compareAndSet(false, true)) {
      permit.run();
    }
  }
}
