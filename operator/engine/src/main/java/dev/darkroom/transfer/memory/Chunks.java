package dev.darkroom.transfer.memory;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The chunks that one transfer may have in flight. Its bound is the bound on the transfer's memory:
 * the reader waits here when its consumers are slow.
 */
public final class Chunks {

  private final BufferPool pool;
  private final int limit;
  private final Semaphore free;

  public Chunks(BufferPool pool, int limit) {
    this.pool = pool;
    this.limit = limit;
    this.free = new Semaphore(limit);
  }

  /** An empty chunk that the caller holds; waits so long until there is one. */
  public Optional<Chunk> acquire(Duration atMost) throws InterruptedException {
    if (!free.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
      return Optional.empty();
    }
    boolean taken = false;
    try {
      Chunk chunk = new Chunk(pool.take(), pool::give, free::release);
      taken = true;
      return Optional.of(chunk);
    } finally {
      if (!taken) {
        free.release();
      }
    }
  }

  /** How many there can be at once. */
  public int limit() {
    return limit;
  }

  /** How long each is. */
  public int bytesEach() {
    return pool.bufferBytes();
  }
}
