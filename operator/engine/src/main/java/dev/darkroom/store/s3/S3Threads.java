package dev.darkroom.store.s3;

import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import dev.darkroom.store.io.IoThreads;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;

/** {@link IoThreads} for work whose failures are {@link StoreException}s. */
final class S3Threads {

  private S3Threads() {}

  /** Does the work and waits for its end; an interrupt does not end the wait. */
  static <T> T finish(Callable<T> work) throws StoreException {
    return await(IoThreads.start(work));
  }

  /** As {@link #finish}, for work that does not fail. */
  static void finishQuietly(Runnable work) {
    try {
      run(work::run);
    } catch (StoreException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Work without a result. */
  interface Work {
    /** Does the work. */
    void run() throws StoreException;
  }

  /** As {@link #finish}, for work without a result. */
  static void run(Work work) throws StoreException {
    Object unused =
        finish(
            () -> {
              work.run();
              return Boolean.TRUE;
            });
  }

  /** Waits for the end of work; an interrupt does not end the wait. */
  static <T> T await(Future<T> work) throws StoreException {
    try {
      return IoThreads.await(work);
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw new StoreException(Kind.UNAVAILABLE, "unexpected failure: " + e, e);
    }
  }
}
