package dev.darkroom.store.s3;

import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for requests. The SDK gives up a request when its thread is interrupted, which leaves
 * open whether the server did it; what must not stop half-way is done here, where the caller's
 * interrupt does not come. Idle threads end by themselves.
 */
final class S3Threads {

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "store-s3-" + COUNT.incrementAndGet());
            thread.setDaemon(true);
            return thread;
          });

  private S3Threads() {}

  static Executor executor() {
    return THREADS;
  }

  static <T> Future<T> start(Callable<T> work) {
    return THREADS.submit(work);
  }

  /** Does the work and waits for its end, however often the caller is interrupted meanwhile. */
  static <T> T finish(Callable<T> work) throws StoreException {
    return await(THREADS.submit(work));
  }

  /** As {@link #finish}, for work that fails in no way. */
  static void finishQuietly(Runnable work) {
    try {
      Object unused = await(THREADS.submit(work));
    } catch (StoreException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits for the end of work; an interrupt is kept for later. */
  static <T> T await(Future<T> work) throws StoreException {
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

  private static StoreException rethrown(Throwable cause) {
    if (cause instanceof StoreException store) {
      return store;
    }
    if (cause instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return new StoreException(Kind.UNAVAILABLE, "unexpected: " + cause, cause);
  }
}
