package dev.darkroom.controller.leader;

import java.util.Optional;

/** A state of the {@link LeaderElection}. Times are readings of its nanosecond clock. */
sealed interface ElectionState {

  /** The work whose readiness and stores this process reports; empty without one. */
  default Optional<LeaderWork> work() {
    return Optional.empty();
  }

  /**
   * Does not lead, and claims the Lease when it is free.
   *
   * @param notBefore a Lease that was claimed earlier does not count
   */
  record Standby(long notBefore) implements ElectionState {}

  /**
   * Holds the Lease.
   *
   * @param renewedAt when the request began that renewed the Lease last
   * @param work empty while it starts
   */
  record Leading(long renewedAt, Optional<LeaderWork> work) implements ElectionState {}

  /**
   * Holds the Lease while the work closes in order.
   *
   * @param renewedAt when the request began that renewed the Lease last
   */
  record Closing(long renewedAt, LeaderWork closing) implements ElectionState {

    @Override
    public Optional<LeaderWork> work() {
      return Optional.of(closing);
    }
  }

  /**
   * Must not lead any more; the work may still write.
   *
   * @param lost the work that is abandoned; empty while it starts, and abandoned after that
   */
  record Losing(Optional<LeaderWork> lost) implements ElectionState {}

  /** The work writes nothing any more, and releases what it holds. */
  record Stopping(LeaderWork lost) implements ElectionState {}

  /** The work could not be stopped: only the end of the process follows. */
  record Stuck() implements ElectionState {}

  /** The end: no claim follows. */
  record Closed() implements ElectionState {}
}
