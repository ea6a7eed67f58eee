package dev.darkroom.store.filesystem;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that nobody interrupts. An interrupt closes the {@code FileChannel} a thread is busy
 * with, so that work which must not stop half-way, or shares a channel, is done on these. There are
 * at most two for each open write; idle ones end by themselves.
 */
final class IoThreads {

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "store-io-" + COUNT.incrementAndGet());
            thread.setDaemon(true);
            return thread;
          });

  private IoThreads() {}

  static Future<Void> start(Callable<Void> work) {
    return THREADS.submit(work);
  }

  /** Does the work and waits for its end, however often the caller is interrupted meanwhile. */
  static <T> T finish(Callable<T> work) throws IOException {
    return await(THREADS.submit(work));
  }

  /** Waits for the end of work; an interrupt is kept for later. */
  static <T> T await(Future<T> work) throws IOException {
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
      Throwable cause = e.getCause();
      if (cause instanceof IOException io) {
        throw io;
      }
      if (cause instanceof RuntimeException runtime) {
        throw runtime;
      }
      throw new IllegalStateException(cause);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
