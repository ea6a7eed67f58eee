package dev.darkroom.source.fetch;

import java.util.concurrent.TimeUnit;

/**
 * Sees whether one connection brings bytes as fast as anybody needs them: how many came in the time
 * that the reader waited for it. Time in which nobody waits, because what came is still being
 * worked on, does not count. Used by the reader's thread alone.
 */
final class SpeedProbe {

  /**
   * How long a wait says anything. At first that is not long, as others are to come soon, but more
   * than what a kernel has collected before the first read can hide.
   */
  private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long LATER_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final long fast;
  private long window = FIRST_NANOS;
  private long nanos;
  private long bytes;
  private boolean slow;

  /**
   * @param fast bytes per second that are enough
   */
  SpeedProbe(long fast) {
    this.fast = fast;
    this.slow = fast == FetchOptions.NEVER_ENOUGH;
  }

  /** The reader waited so long, and got so many bytes. */
  void waited(long forNanos, int count) {
    nanos += forNanos;
    bytes += count;
    if (nanos >= window) {
      slow = slow || bytes < fast * (nanos / 1e9);
      nanos = 0;
      bytes = 0;
      window = LATER_NANOS;
    }
  }

  /** Whether it was too slow once. */
  boolean isSlow() {
    return slow;
  }
}
