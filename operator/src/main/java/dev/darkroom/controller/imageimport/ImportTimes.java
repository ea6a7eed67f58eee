package dev.darkroom.controller.imageimport;

import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportStatus;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.QueuePlace;
import dev.darkroom.transfer.model.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The due times of an import. A negative duration is due already.
 *
 * @param job the import
 * @param leastWait the shortest wait before a missing object is looked up again
 */
record ImportTimes(ImageImport job, Clock clock, Duration leastWait) {

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
  private static final int SOONEST_QUEUE_SECONDS = 2;

  /** An import without a byte for this long is reported as stalled. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  /** The stages without a byte. */
  private static final Set<Progress.Stage> SILENT =
      EnumSet.of(Progress.Stage.QUEUED, Progress.Stage.VALIDATING, Progress.Stage.PUBLISHING);

  /** The time until the next attempt; empty when it is due. */
  Optional<Duration> untilNextAttempt() {
    return Optional.ofNullable(job.getStatus())
        .map(ImageImportStatus::nextAttemptAt)
        .map(at -> Duration.between(clock.instant(), Instant.parse(at)))
        .filter(wait -> !wait.isNegative() && !wait.isZero());
  }

  /** Whether the deadline has passed. */
  boolean overdue() {
    return untilDeadline().filter(left -> left.isNegative() || left.isZero()).isPresent();
  }

  /** The time until the deadline; empty without one or before the start. */
  Optional<Duration> untilDeadline() {
    if (job.getSpec().activeDeadlineSeconds() == null
        || job.getStatus() == null
        || job.getStatus().startTime() == null) {
      return Optional.empty();
    }
    Instant deadline =
        Instant.parse(job.getStatus().startTime())
            .plusSeconds(job.getSpec().activeDeadlineSeconds());
    return Optional.of(Duration.between(clock.instant(), deadline));
  }

  /** The time until a finished import is deleted; empty when it is kept. */
  Optional<Duration> untilExpiry() {
    return Optional.ofNullable(job.getSpec().ttlSecondsAfterFinished())
        .map(ttl -> Instant.parse(job.getStatus().completionTime()).plusSeconds(ttl))
        .map(end -> Duration.between(clock.instant(), end));
  }

  /**
   * The wait before a missing object is looked up again: an eighth of the age of the import, from
   * {@link #leastWait} to 5 min. Secrets and ConfigMaps are not watched.
   */
  Duration untilLookup() {
    Duration waited =
        Duration.between(Instant.parse(job.getMetadata().getCreationTimestamp()), clock.instant());
    Duration wait = waited.dividedBy(8);
    if (wait.compareTo(leastWait) < 0) {
      return leastWait;
    }
    return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
  }

  /** A queue sends no events: a second for each place in it, from 2 s to 5 min. */
  static Duration untilQueueMoves(QueuePlace place) {
    return Duration.ofSeconds(
        Math.min(LONGEST_WAIT.toSeconds(), Math.max(SOONEST_QUEUE_SECONDS, place.position())));
  }

  /** The time since the last byte; empty below 10 s and in stages without bytes. */
  static Optional<Duration> silence(Progress progress, Clock clock) {
    return Optional.of(Duration.between(progress.lastByteAt(), clock.instant()))
        .filter(age -> !SILENT.contains(progress.stage()) && age.compareTo(SILENCE) >= 0);
  }

  /**
   * The time until a running import counts as stalled. Bytes that are read cause events of their
   * own.
   *
   * @param fallback the longest wait
   */
  Duration untilSilence(Progress progress, Duration fallback) {
    if (SILENT.contains(progress.stage()) || silence(progress, clock).isPresent()) {
      return fallback;
    }
    Duration left =
        Duration.between(clock.instant(), progress.lastByteAt().plus(SILENCE)).plusMillis(100);
    return left.compareTo(fallback) < 0 ? left : fallback;
  }

  /** The failure of an import whose deadline has passed. */
  static Failure deadlineExceeded(ImageImport job) {
    return Failure.of(
        Reason.DEADLINE_EXCEEDED,
        "The import did not end within "
            + job.getSpec().activeDeadlineSeconds()
            + " seconds of its start.");
  }
}
