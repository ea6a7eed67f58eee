package dev.darkroom.source.fetch;

import dev.darkroom.source.SourceException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Whether to try once more after a failure, and when: with back-off that doubles and is jittered,
 * or when the source says. New bytes begin it anew. Not safe for use by several threads at once.
 */
final class RetryPolicy {

  private static final long FIRST_MILLIS = 200;
  private static final long LONGEST_MILLIS = 10_000;
  private static final int MAX_DOUBLINGS = 10;

  private final int tries;
  private final RetryAfterBudget budget;
  private int fruitless;

  RetryPolicy(int tries, RetryAfterBudget budget) {
    this.tries = tries;
    this.budget = budget;
  }

  /**
   * How long to wait before another try.
   *
   * @param atLeast without back-off
   * @param asked whether the source asked for it: then no lack of throughput is held against it
   */
  record Wait(Duration atLeast, Asked asked) {

    /** Whose wish a wait is. */
    enum Asked {
      BY_US,
      BY_THE_SOURCE
    }
  }

  /** A byte came. */
  void progressed() {
    fruitless = 0;
  }

  /** How many failures there were since the last new byte. */
  int fruitless() {
    return fruitless;
  }

  /**
   * Takes note of a failure.
   *
   * @return how long to wait before another try
   * @throws SourceException the failure itself, when there is no use in another try
   */
  Wait failed(SourceException failure) throws SourceException {
    if (!mayPass(failure.kind()) || fruitless >= tries) {
      throw failure;
    }
    fruitless++;
    Duration backOff = backOff();
    if (failure.retryAfter().isEmpty() || failure.retryAfter().get().compareTo(backOff) <= 0) {
      return new Wait(backOff, Wait.Asked.BY_US);
    }
    if (!budget.take(failure.retryAfter().get())) {
      throw failure;
    }
    return new Wait(failure.retryAfter().get(), Wait.Asked.BY_THE_SOURCE);
  }

  /** Of several servers behind one name one may not serve ranges. */
  private static boolean mayPass(SourceException.Kind kind) {
    return switch (kind) {
      case UNAVAILABLE, TRUNCATED, RANGE_REFUSED -> true;
      case INVALID, NOT_FOUND, FORBIDDEN, BLOCKED, REDIRECT_REFUSED, OVERLONG, CHANGED, TOO_SLOW ->
          false;
    };
  }

  private Duration backOff() {
    long most = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(fruitless - 1, MAX_DOUBLINGS));
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
  }
}
