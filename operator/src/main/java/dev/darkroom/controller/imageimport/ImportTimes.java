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
 * When what is due for an import. Durations may be negative: then it is due already.
 *
 * @param job the import
 * @param clock the one clock
 * @param leastPatience how soon at the earliest something that is awaited is looked for again
 */
record ImportTimes(ImageImport job, Clock clock, Duration leastPatience) {

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
  private static final int SOONEST_QUEUE_SECONDS = 2;

  /** After so long without a byte it is said that none comes. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  /** What takes its time without bytes. */
  private static final Set<Progress.Stage> SILENT =
      EnumSet.of(Progress.Stage.QUEUED, Progress.Stage.VALIDATING, Progress.Stage.PUBLISHING);

  /** How long until the next attempt, if one is to wait. */
  Optional<Duration> untilNextAttempt() {
    return Optional.ofNullable(job.getStatus())
        .map(ImageImportStatus::nextAttemptAt)
        .map(at -> Duration.between(clock.instant(), Instant.parse(at)))
        .filter(wait -> !wait.isNegative() && !wait.isZero());
  }

  /** Whether it took longer than it may. */
  boolean overdue() {
    return untilDeadline().filter(left -> left.isNegative() || left.isZero()).isPresent();
  }

  /** How long it may still take, where that is bounded and it has begun. */
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

  /** How long the import, which has finished, is kept, if it is not for good. */
  Optional<Duration> untilExpiry() {
    return Optional.ofNullable(job.getSpec().ttlSecondsAfterFinished())
        .map(ttl -> Instant.parse(job.getStatus().completionTime()).plusSeconds(ttl))
        .map(end -> Duration.between(clock.instant(), end));
  }

  /** What is awaited may be something that there is no word of: Secrets are not watched. */
  Duration patience() {
    Duration waited =
        Duration.between(Instant.parse(job.getMetadata().getCreationTimestamp()), clock.instant());
    Duration patience = waited.dividedBy(8);
    if (patience.compareTo(leastPatience) < 0) {
      return leastPatience;
    }
    return patience.compareTo(LONGEST_WAIT) < 0 ? patience : LONGEST_WAIT;
  }

  /** Nobody tells of a queue that moves: who is far behind looks seldom, for they are many. */
  static Duration untilQueueMoves(QueuePlace place) {
    return Duration.ofSeconds(
        Math.min(LONGEST_WAIT.toSeconds(), Math.max(SOONEST_QUEUE_SECONDS, place.position())));
  }

  /** How long no byte has come, when that is worth telling. */
  static Optional<Duration> silence(Progress progress, Clock clock) {
    return Optional.of(Duration.between(progress.lastByteAt(), clock.instant()))
        .filter(age -> !SILENT.contains(progress.stage()) && age.compareTo(SILENCE) >= 0);
  }

  /**
   * When to look again at bytes that should come: while they do there is word of them.
   *
   * @param fallback at the latest
   */
  Duration untilSilence(Progress progress, Duration fallback) {
    if (SILENT.contains(progress.stage()) || silence(progress, clock).isPresent()) {
      return fallback;
    }
    Duration left =
        Duration.between(clock.instant(), progress.lastByteAt().plus(SILENCE)).plusMillis(100);
    return left.compareTo(fallback) < 0 ? left : fallback;
  }

  /** Why an import ends that took too long. */
  static Failure deadlineExceeded(ImageImport job) {
    return Failure.of(
        Reason.DEADLINE_EXCEEDED,
        "The import did not end within "
            + job.getSpec().activeDeadlineSeconds()
            + " seconds of its start.");
  }
}
