package dev.darkroom.controller.leader;

import dev.darkroom.concurrent.DaemonThreads;
import dev.darkroom.controller.leader.LeaseLock.Standing;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Sends the requests of a {@link LeaseLock} on one thread, one after another. Thread-safe;
 * callbacks run on that thread.
 */
final class LeaseRequests implements AutoCloseable {

  /** Receives the answer to a claim. */
  @FunctionalInterface
  interface ClaimAnswer {

    /**
     * The API server answered.
     *
     * @param asked when the request began
     */
    void accept(Standing standing, long asked);
  }

  private final LeaseLock lock;
  private final LongSupplier nanoTime;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(DaemonThreads.named("lease-requests-"));

  LeaseRequests(LeaseLock lock, LongSupplier nanoTime) {
    this.lock = lock;
    this.nanoTime = nanoTime;
  }

  /** Takes or renews the Lease. Calls exactly one of the two. */
  void claim(ClaimAnswer answer, Consumer<Throwable> failure) {
    thread.execute(
        () -> {
          Standing standing;
          long asked;
          try {
            asked = nanoTime.getAsLong();
            standing = lock.claim();
          } catch (Throwable e) {
            failure.accept(e);
            return;
          }
          answer.accept(standing, asked);
        });
  }

  /**
   * Releases the Lease. Calls exactly one of the two.
   *
   * @param released receives whether this process held it
   */
  void release(Consumer<Boolean> released, Consumer<Throwable> failure) {
    thread.execute(
        () -> {
          boolean held;
          try {
            held = lock.release();
          } catch (Throwable e) {
            failure.accept(e);
            return;
          }
          released.accept(held);
        });
  }

  /** Ends the thread; a request that was sent is not waited for. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
