package dev.darkroom.transfer.call;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The bound on how fast all transfers together read. Who has read pays by waiting, in the order in
 * which they come; what was not used is saved for a second at most. Safe for use by many threads.
 */
public final class Throttle {

  private static final long SAVED_NANOS = Duration.ofSeconds(1).toNanos();

  private final OptionalLong bytesPerSecond;
  private final LongSupplier nanoTime;
  private final Object lock = new Object();

  /** When all that was read is paid for. */
  private long paidAt;

  /**
   * @param bytesPerSecond at least 1; empty for no bound
   */
  public Throttle(OptionalLong bytesPerSecond, LongSupplier nanoTime) {
    this.bytesPerSecond = bytesPerSecond;
    this.nanoTime = nanoTime;
    this.paidAt = nanoTime.getAsLong() - SAVED_NANOS;
  }

  /**
   * Waits as long as it should have taken to read so many bytes.
   *
   * @throws InterruptedException when the transfer is stopped meanwhile
   */
  public void pay(long bytes, CancellationToken stop) throws InterruptedException {
    if (bytesPerSecond.isEmpty()) {
      return;
    }
    long due = due(bytes);
    Object mine = new Object();
    stop.interruptibly(
        () -> {
          synchronized (mine) {
            for (long left = due - nanoTime.getAsLong();
                left > 0;
                left = due - nanoTime.getAsLong()) {
              TimeUnit.NANOSECONDS.timedWait(mine, left);
            }
          }
          return mine;
        });
  }

  /** When the one who reads so many bytes now may go on, by the clock that measures. */
  long due(long bytes) {
    synchronized (lock) {
      long saved = nanoTime.getAsLong() - SAVED_NANOS;
      paidAt = paidAt - saved < 0 ? saved : paidAt;
      paidAt += Math.round(bytes * 1e9 / bytesPerSecond.orElseThrow());
      return paidAt;
    }
  }
}
