package dev.darkroom.transfer.memory;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The chunks of one transfer: its limit of memory. The reader takes them; it waits when the
 * consumers are slow. Thread-safe.
 */
public final class Chunks {

  private final BufferPool pool;
  private final int limit;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private int free;

  /** Complete when there was a free chunk after the last failed {@link #tryAcquire}. */
  @GuardedBy("lock")
  private CompletableFuture<Void> available = CompletableFuture.completedFuture(null);

  /**
   * @param limit how many chunks can be in flight, at least 1
   */
  public Chunks(BufferPool pool, int limit) {
    this.pool = pool;
    this.limit = limit;
    this.free = limit;
  }

  /** Takes an empty chunk, which the caller holds; empty when all are in flight. */
  public Optional<Chunk> tryAcquire() {
    synchronized (lock) {
      if (free == 0) {
        if (available.isDone()) {
          available = new CompletableFuture<>();
        }
        return Optional.empty();
      }
      free--;
    }
    boolean taken = false;
    try {
      Chunk chunk = new Chunk(pool.take(), pool::give, this::release);
      taken = true;
      return Optional.of(chunk);
    } finally {
      if (!taken) {
        release();
      }
    }
  }

  /** A future to wait for after a failed {@link #tryAcquire}: complete when a chunk is free. */
  public CompletableFuture<Void> available() {
    synchronized (lock) {
      return available;
    }
  }

  /** How many chunks can be in flight. */
  public int limit() {
    return limit;
  }

  /** How many bytes each has. */
  public int bytesEach() {
    return pool.bufferBytes();
  }

  private void release() {
    CompletableFuture<Void> waiter;
    synchronized (lock) {
      free++;
      waiter = available;
    }
    waiter.complete(null);
  }
}
