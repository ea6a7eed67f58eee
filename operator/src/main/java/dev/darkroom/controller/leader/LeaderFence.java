package dev.darkroom.controller.leader;

import dev.darkroom.concurrent.DaemonThreads;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when a leader has not stopped before its Lease runs out: a check every 50 ms, on
 * a thread of its own.
 *
 * <p>The check takes no lock and sends no request, so that it is never late. No exception and no
 * error ends it. When the check itself fails {@value #MAX_FAILURES} times in a row, it ends the
 * process too. When that fails, it tries again.
 *
 * <p>Thread-safe.
 */
final class LeaderFence implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LeaderFence.class);
  private static final Duration PERIOD = Duration.ofMillis(50);
  private static final int MAX_FAILURES = 3;

  private final LeaseSettings settings;
  private final Runnable lastResort;
  private final LongSupplier nanoTime;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private volatile Optional<Long> renewedAt = Optional.empty();

  /**
   * Watches nothing yet.
   *
   * @param lastResort ends the process at once
   * @param nanoTime nanosecond clock; the same as for {@link #arm}
   */
  LeaderFence(LeaseSettings settings, Runnable lastResort, LongSupplier nanoTime) {
    this.settings = settings;
    this.lastResort = lastResort;
    this.nanoTime = nanoTime;
    this.thread = DaemonThreads.named("lease-fence-").newThread(this::watch);
  }

  /** Starts the thread; once. */
  void start() {
    thread.start();
  }

  /**
   * Watches a leader until {@link #disarm}. Repeat it after each renewal.
   *
   * @param renewed when the request began that renewed the Lease last
   */
  void arm(long renewed) {
    renewedAt = Optional.of(renewed);
  }

  /** The work of the leader writes nothing any more. */
  void disarm() {
    renewedAt = Optional.empty();
  }

  /** Ends the thread, without waiting for it. */
  @Override
  public void close() {
    closed.countDown();
  }

  private void watch() {
    int failures = 0;
    while (closed.getCount() > 0) {
      try {
        if (failures >= MAX_FAILURES || isExpired()) {
          LOG.error("Lease {} ran out, or its fence failed; the process ends", settings.name());
          lastResort.run();
        }
        failures = 0;
      } catch (Throwable e) {
        failures++;
        warn(failures, e);
      }
      pause();
    }
  }

  /** Whether the watched leader had to stop earlier: the process ends at the next check. */
  boolean isExpired() {
    Optional<Long> renewed = renewedAt;
    return renewed.isPresent()
        && nanoTime.getAsLong() - renewed.get() >= settings.stopDeadline().toNanos();
  }

  /** Logging may fail too, for example without memory. */
  private void warn(int failures, Throwable cause) {
    try {
      LOG.error("The fence of Lease {} failed {} times in a row", settings.name(), failures, cause);
    } catch (Throwable e) {
      cause.addSuppressed(e);
    }
  }

  /** An interrupt does not end the fence. */
  private void pause() {
    try {
      boolean unused = closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      LOG.debug("The fence of Lease {} was interrupted", settings.name());
    }
  }
}
