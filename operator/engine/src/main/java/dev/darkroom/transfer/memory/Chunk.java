package dev.darkroom.transfer.memory;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A piece of the stream, filled by the reader and then read by several consumers at once. It goes
 * back to where it came from when the last one who holds it lets go.
 */
public final class Chunk {

  private final ByteBuffer buffer;
  private final Consumer<ByteBuffer> home;
  private final Runnable permit;
  private final AtomicInteger holders = new AtomicInteger(1);
  private final AtomicBoolean permitReturned = new AtomicBoolean();

  /**
   * The one who makes it holds it.
   *
   * @param home takes the buffer back when nobody holds it any more
   * @param permit run once, after that at the latest: another may take its place
   */
  public Chunk(ByteBuffer buffer, Consumer<ByteBuffer> home, Runnable permit) {
    this.buffer = buffer;
    this.home = home;
    this.permit = permit;
  }

  /** The buffer to fill; only before the chunk is handed to anybody. */
  public ByteBuffer buffer() {
    return buffer;
  }

  /** The bytes, with a position of the caller's own. To be read only. */
  public ByteBuffer bytes() {
    return buffer.duplicate();
  }

  /** One more holds it; the caller holds it already. */
  public void retain() {
    holders.incrementAndGet();
  }

  /** The caller lets go and does not touch it any more. */
  public void release() {
    int left = holders.decrementAndGet();
    if (left == 0) {
      home.accept(buffer);
      forfeit();
    } else if (left < 0) {
      throw new IllegalStateException("a chunk was released more often than it was held");
    }
  }

  /** Nobody knows when it comes back: it is not counted as in flight any more. */
  public void forfeit() {
    if (permitReturned.compareAndSet(false, true)) {
      permit.run();
    }
  }
}
