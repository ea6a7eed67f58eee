package dev.darkroom.transfer;

import java.util.concurrent.Semaphore;

/**
 * The chunks that one transfer may have in flight. Its bound is the bound on the transfer's memory:
 * the reader waits here when its consumers are slow.
 */
final class Chunks {

  private final BufferPool pool;
  private final int limit;
  private final Semaphore free;

  Chunks(BufferPool pool, int limit) {
    this.pool = pool;
    this.limit = limit;
    this.free = new Semaphore(limit);
  }

  /** An empty chunk that the caller holds; waits until there is one. */
  Chunk acquire() throws InterruptedException {
    free.acquire();
    boolean taken = false;
    try {
      Chunk chunk =
          new Chunk(
              pool.take(),
              buffer -> {
                pool.give(buffer);
                free.release();
              });
      taken = true;
      return chunk;
    } finally {
      if (!taken) {
        free.release();
      }
    }
  }

  /** How many there can be at once. */
  int limit() {
    return limit;
  }
}
