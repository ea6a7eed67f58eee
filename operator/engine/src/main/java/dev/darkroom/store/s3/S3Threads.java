package dev.darkroom.store.s3;

import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import dev.darkroom.store.io.IoThreads;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;

/** {@link IoThreads} for work that fails as a store does. */
final class S3Threads {

  private S3Threads() {}

  /** Does the work and waits for its end, however often the caller is interrupted meanwhile. */
  static <T> T finish(Callable<T> work) throws StoreException {
    return await(IoThreads.start(work));
  }

  /** As {@link #finish}, for work that fails in no way. */
  static void finishQuietly(Runnable work) {
    try {
      Object unused = finish(() -> run(work));
    } catch (StoreException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Boolean run(Runnable work) {
    work.run();
    return Boolean.TRUE;
  }

  /** Waits for the end of work; an interrupt is kept for later. */
  static <T> T await(Future<T> work) throws StoreException {
    try {
      return IoThreads.await(work);
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw new StoreException(Kind.UNAVAILABLE, "unexpected: " + e, e);
    }
  }
}
