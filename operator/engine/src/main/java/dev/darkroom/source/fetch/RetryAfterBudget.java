package dev.darkroom.source.fetch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;

/** The time that one fetch may wait because a source asks for it. Thread-safe. */
final class RetryAfterBudget {

  /** A longer wait is left to a later attempt, which holds no connection meanwhile. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private static final Duration TOTAL = Duration.ofMinutes(10);

  @GuardedBy("this")
  private Duration left = TOTAL;

  /** Takes a wait out of the budget; false when it is longer than 1 minute or than what is left. */
  synchronized boolean take(Duration wait) {
    if (wait.compareTo(LONGEST_WAIT) > 0 || wait.compareTo(left) > 0) {
      return false;
    }
    left = left.minus(wait);
    return true;
  }
}
