package dev.darkroom.source.fetch;

import java.util.concurrent.TimeUnit;

/**
 * Decides whether one connection is fast enough: measures the bytes that came in the time that the
 * reader waited for it. Time in which the reader works on earlier bytes does not count. Used by the
 * reader's thread alone.
 */
final class SpeedProbe {

  /**
   * The first measurement is short, so that further connections start soon, but longer than bytes
   * that the kernel has buffered before the first read can hide.
   */
  private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long LATER_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final long fastBytesPerSecond;
  private long window = FIRST_NANOS;
  private long nanos;
  private long bytes;
  private boolean slow;

  /**
   * Starts the first measurement.
   *
   * @param fastBytesPerSecond the speed that is enough
   */
  SpeedProbe(long fastBytesPerSecond) {
    this.fastBytesPerSecond = fastBytesPerSecond;
    this.slow = fastBytesPerSecond == FetchOptions.NEVER_ENOUGH;
  }

  /** Adds a wait of the reader and the bytes that it got. */
  void waited(long forNanos, int count) {
    nanos += forNanos;
    bytes += count;
    if (nanos >= window) {
      slow = slow || bytes < fastBytesPerSecond * (nanos / 1e9);
      nanos = 0;
      bytes = 0;
      window = LATER_NANOS;
    }
  }

  /** Returns whether any measurement was too slow. */
  boolean isSlow() {
    return slow;
  }
}
