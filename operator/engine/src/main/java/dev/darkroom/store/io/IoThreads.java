package dev.darkroom.store.io;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that nobody interrupts. An interrupt closes the {@code FileChannel} a thread is busy
 * with, and makes an S3 client give up a request of which nobody knows then whether it was done; so
 * work which must not stop half-way, or shares a channel, is done on these. How many there are at a
 * time is bounded by those who call: a few for each open write. Idle ones end by themselves.
 */
public final class IoThreads {

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "store-io-" + COUNT.incrementAndGet());
            thread.setDaemon(true);
            return thread;
          });

  private IoThreads() {}

  /** For work that nobody waits for. */
  public static Executor executor() {
    return THREADS;
  }

  /** Begins work, which {@link #await} waits for. */
  public static <T> Future<T> start(Callable<T> work) {
    return THREADS.submit(work);
  }

  /**
   * Does the work and waits for its end, however often the caller is interrupted meanwhile.
   *
   * @throws IOException what the work threw
   */
  public static <T> T finish(Callable<T> work) throws IOException {
    return await(start(work));
  }

  /**
   * Waits for the end of work; an interrupt is kept for later.
   *
   * @throws IOException what the work threw
   */
  public static <T> T await(Future<T> work) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return work.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static IOException rethrown(Throwable cause) {
    if (cause instanceof IOException io) {
      return io;
    }
    if (cause instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    throw new IllegalStateException(cause);
  }
}
