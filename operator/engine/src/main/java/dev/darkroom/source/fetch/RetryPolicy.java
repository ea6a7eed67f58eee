package dev.darkroom.source.fetch;

import dev.darkroom.retry.Backoff;
import dev.darkroom.source.SourceException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Decides whether and when to retry after a failure: with a jittered back-off that doubles, from
 * 200 ms to 10 s, or when the source says. A new byte resets the count of failures and the
 * back-off. Not thread-safe.
 */
final class RetryPolicy {

  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

  private final int tries;
  private final RetryAfterBudget budget;
  private int fruitless;

  /**
   * Starts without failures.
   *
   * @param tries the most retries in a row without a new byte
   * @param budget the time that the fetch may wait because a source asks for it
   */
  RetryPolicy(int tries, RetryAfterBudget budget) {
    this.tries = tries;
    this.budget = budget;
  }

  /**
   * A wait before a retry.
   *
   * @param atLeast its length
   * @param askedBy its reason; a wait that the source asks for does not count as slowness
   */
  record Wait(Duration atLeast, AskedBy askedBy) {

    /** Which side asks for the wait. */
    enum AskedBy {
      /** The back-off of the fetch. */
      FETCH,
      /** The source, by a Retry-After header. */
      SOURCE
    }
  }

  /** Notes a new byte. */
  void progressed() {
    fruitless = 0;
  }

  /** Returns the number of failures since the last new byte. */
  int fruitless() {
    return fruitless;
  }

  /**
   * Notes a failure.
   *
   * @return how long to wait before the retry
   * @throws SourceException the failure itself, when there is no retry
   */
  Wait failed(SourceException failure) throws SourceException {
    if (!isRetryable(failure.kind()) || fruitless >= tries) {
      throw failure;
    }
    fruitless++;
    Duration backOff = BACKOFF.after(fruitless, Optional.empty(), ThreadLocalRandom.current());
    if (failure.retryAfter().isEmpty() || failure.retryAfter().get().compareTo(backOff) <= 0) {
      return new Wait(backOff, Wait.AskedBy.FETCH);
    }
    if (!budget.take(failure.retryAfter().get())) {
      throw failure;
    }
    return new Wait(failure.retryAfter().get(), Wait.AskedBy.SOURCE);
  }

  /** A refused range is retryable: one of several servers behind a name may not serve ranges. */
  private static boolean isRetryable(SourceException.Kind kind) {
    return switch (kind) {
      case UNAVAILABLE, TRUNCATED, RANGE_REFUSED -> true;
      case INVALID, NOT_FOUND, FORBIDDEN, BLOCKED, REDIRECT_REFUSED, OVERLONG, CHANGED, TOO_SLOW ->
          false;
    };
  }
}
