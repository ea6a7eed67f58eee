package dev.darkroom.store.io;

import dev.darkroom.concurrent.DaemonThreads;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads for I/O that an interrupt of the caller must not stop. An interrupt closes the {@code
 * FileChannel} that a thread uses, and makes an S3 client give up a request without knowing whether
 * the server did it. So work that must not stop half-way, or shares a channel, runs here. The
 * callers bound the number of threads: a few for each open write. Idle threads end.
 */
public final class IoThreads {

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(DaemonThreads.named("store-io-"));

  private IoThreads() {}

  /** Returns the executor, for work without a waiting caller. */
  public static Executor executor() {
    return THREADS;
  }

  /** Starts work; {@link #await} waits for it. */
  public static <T> Future<T> start(Callable<T> work) {
    return THREADS.submit(work);
  }

  /**
   * Does the work and waits for its end. An interrupt does not end the wait; the caller's thread
   * stays interrupted.
   *
   * @throws IOException the failure of the work
   */
  public static <T> T finish(Callable<T> work) throws IOException {
    return await(start(work));
  }

  /**
   * Waits for the end of work. An interrupt does not end the wait; the caller's thread stays
   * interrupted.
   *
   * @throws IOException the failure of the work
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
