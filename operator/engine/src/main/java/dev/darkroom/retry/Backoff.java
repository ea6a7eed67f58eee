package dev.darkroom.retry;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off with jitter. The wait doubles with each failed attempt, up to a ceiling. The
 * upper half of each wait is random, so that work that failed at the same time is not retried at
 * the same time. A longer wait that the other side requested is kept, up to an hour.
 *
 * @param base the longest wait after the first failed attempt, above zero
 * @param ceiling the longest wait without a request from the other side, at least the base
 */
public record Backoff(Duration base, Duration ceiling) {

  /** The longest wait that the other side can request. */
  public static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

  /** Checks the bounds. */
  public Backoff {
    if (base.isNegative() || base.isZero() || ceiling.compareTo(base) < 0) {
      throw new IllegalArgumentException(
          "the base of a back-off is above zero and not above the ceiling");
    }
  }

  /** From two seconds to five minutes. */
  public static Backoff defaults() {
    return new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(5));
  }

  /**
   * Computes the wait after a failed attempt.
   *
   * @param attempt the number of the attempt, from 1
   * @param retryAfter the wait that the other side requested
   * @param random the source of the jitter
   * @return between half of and the full {@code min(ceiling, base × 2^(attempt-1))}, and at least
   *     the requested wait
   * @throws IllegalArgumentException when the attempt is less than 1
   */
  public Duration after(int attempt, Optional<Duration> retryAfter, RandomGenerator random) {
    if (attempt < 1) {
      throw new IllegalArgumentException("attempts are counted from 1");
    }
    long longest = ceiling.toMillis();
    long full = base.toMillis();
    for (int i = 1; i < attempt && full < longest; i++) {
      full = full * 2;
    }
    full = Math.min(full, longest);
    Duration jittered = Duration.ofMillis(full / 2 + random.nextLong(full - full / 2 + 1));
    Duration asked = retryAfter.orElse(Duration.ZERO);
    if (asked.compareTo(LONGEST_RETRY_AFTER) > 0) {
      asked = LONGEST_RETRY_AFTER;
    }
    return asked.compareTo(jittered) > 0 ? asked : jittered;
  }
}
