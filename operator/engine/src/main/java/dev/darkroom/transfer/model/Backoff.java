package dev.darkroom.transfer.model;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: twice as long each time up to a ceiling, of which a
 * random half is taken off so that many that failed together do not come back together. Who was
 * asked to wait longer does so, up to an hour.
 *
 * @param base the longest wait after the first failed attempt
 * @param ceiling the longest wait there is, unless the other side asks for more
 */
public record Backoff(Duration base, Duration ceiling) {

  /** More than this is not waited, whoever asks. */
  public static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

  /** Checks the bounds. */
  public Backoff {
    if (base.isNegative() || base.isZero() || ceiling.compareTo(base) < 0) {
      throw new IllegalArgumentException("a back-off begins above zero and does not shrink");
    }
  }

  /** From two seconds to five minutes. */
  public static Backoff defaults() {
    return new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(5));
  }

  /**
   * The wait after a failed attempt.
   *
   * @param attempt which one it was, from 1
   * @param retryAfter how long the other side asked to be left alone
   * @param random where the jitter comes from
   * @return between half of and the full {@code min(ceiling, base × 2^(attempt-1))}, and no shorter
   *     than asked for
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
