package dev.darkroom.source.fetch;

import java.time.Duration;

/**
 * How much of its time one fetch gives to a source that asks to be left alone. Safe for use by many
 * threads.
 */
final class RetryAfterBudget {

  /** Whoever asks for more is left to a later attempt, which holds no connection meanwhile. */
  private static final Duration AT_ONCE = Duration.ofMinutes(1);

  private static final Duration ALTOGETHER = Duration.ofMinutes(10);

  private Duration left = ALTOGETHER;

  /** Takes a wait out of the budget, unless it is too long. */
  synchronized boolean take(Duration wait) {
    if (wait.compareTo(AT_ONCE) > 0 || wait.compareTo(left) > 0) {
      return false;
    }
    left = left.minus(wait);
    return true;
  }
}
