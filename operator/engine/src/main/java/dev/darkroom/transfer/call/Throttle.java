package dev.darkroom.transfer.call;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Limits the bandwidth of all transfers together. A reader waits after it has read, in the order of
 * the calls. Unused bandwidth is saved for a second at most. Thread-safe.
 */
public final class Throttle {

  private static final long SAVED_NANOS = Duration.ofSeconds(1).toNanos();

  private final OptionalLong bytesPerSecond;
  private final LongSupplier nanoTime;
  private final Object lock = new Object();

  /** The time at which the limit permits the next byte. */
  @GuardedBy("lock")
  private long paidAt;

  /**
   * @param bytesPerSecond at least 1; empty for no limit
   * @param nanoTime measures time, as {@link System#nanoTime} does
   */
  public Throttle(OptionalLong bytesPerSecond, LongSupplier nanoTime) {
    this.bytesPerSecond = bytesPerSecond;
    this.nanoTime = nanoTime;
    this.paidAt = nanoTime.getAsLong() - SAVED_NANOS;
  }

  /**
   * Waits as long as the limit requires for so many bytes.
   *
   * @throws InterruptedException when the transfer is cancelled meanwhile
   */
  public void pay(long bytes, CancellationToken token) throws InterruptedException {
    if (bytesPerSecond.isEmpty()) {
      return;
    }
    long due = due(bytes);
    token.throwIfCancelled();
    for (long left = due - nanoTime.getAsLong(); left > 0; left = due - nanoTime.getAsLong()) {
      token.pause(Duration.ofNanos(left));
    }
  }

  /** The time at which the reader of so many bytes may go on, by {@code nanoTime}. */
  long due(long bytes) {
    synchronized (lock) {
      long saved = nanoTime.getAsLong() - SAVED_NANOS;
      paidAt = paidAt - saved < 0 ? saved : paidAt;
      paidAt += Math.round(bytes * 1e9 / bytesPerSecond.orElseThrow());
      return paidAt;
    }
  }
}
