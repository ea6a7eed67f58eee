package dev.darkroom.controller.imageimport;

import dev.darkroom.api.CopyState;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportStatus;
import dev.darkroom.api.ImageImportStatusBuilder;
import dev.darkroom.api.ImportPhase;
import dev.darkroom.api.ImportProgress;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.controller.support.Conditions;
import dev.darkroom.controller.support.ProgressReason;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.QueuePlace;
import dev.darkroom.transfer.model.Reason;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Calculates the next status of an ImageImport from its last status and an event. Each method
 * returns a whole status and has no side effects.
 */
public final class ImportStatusCalculator {

  private static final String COMPLETE = "Complete";
  private static final String FAILED = "Failed";
  private static final String DONE = "Done";

  private final ImageImport job;
  private final ImageImportStatus before;
  private final Clock clock;
  private final ImportStatusBase base;
  private final RunningStatusCalculator running;

  /** Starts from the last status of the import. */
  public ImportStatusCalculator(ImageImport job, Clock clock) {
    this.job = job;
    this.before = Objects.requireNonNullElseGet(job.getStatus(), ImageImportStatus::empty);
    this.clock = clock;
    this.base = new ImportStatusBase(job, before, clock);
    this.running = new RunningStatusCalculator(base);
  }

  /** Whether the import succeeded or failed. */
  public static boolean finished(ImageImport job) {
    return job.getStatus() != null
        && (Conditions.isTrue(job.getStatus().conditions(), COMPLETE)
            || Conditions.isTrue(job.getStatus().conditions(), FAILED));
  }

  /** Whether the import succeeded. */
  public static boolean succeeded(ImageImport job) {
    return job.getStatus() != null && Conditions.isTrue(job.getStatus().conditions(), COMPLETE);
  }

  /** The number of the attempt that starts now: the interrupted one, or the next. */
  int nextAttempt() {
    boolean interrupted = before.attempts() > 0 && before.nextAttemptAt() == null;
    return interrupted ? before.attempts() : before.attempts() + 1;
  }

  /** An attempt starts. The status of an interrupted attempt keeps its progress. */
  public ImageImportStatus begun(int attempt, List<String> stores) {
    return running.begun(attempt, stores);
  }

  /** The attempt waits for its slot. */
  ImageImportStatus queued(QueuePlace place) {
    return running.queued(place);
  }

  /** The attempt runs. Reports a source that sends no bytes. */
  public ImageImportStatus running(Progress progress) {
    return running.running(progress);
  }

  /** The verified copies are stored. */
  public ImageImportStatus succeeded(Outcome.Stored stored) {
    String message = ImportStatusRecords.sentence(stored);
    return base.next()
        .phase(ImportPhase.SUCCEEDED)
        .column(DONE)
        .completionTime(base.now())
        .nextAttemptAt(null)
        .progress(done(stored.facts().size()))
        .stores(ImportStatusRecords.copies(stored, base.now()))
        .result(ImportStatusRecords.result(stored.facts()))
        .conditions(
            base.conditions()
                .ready(ProgressReason.SUCCEEDED.apiName(), message)
                .setTrue(COMPLETE, ProgressReason.SUCCEEDED.apiName(), message)
                .list())
        .build();
  }

  /** Every copy existed before the import. */
  ImageImportStatus nothingToDo() {
    String message = "Every store already has a copy.";
    return base.next()
        .phase(ImportPhase.SUCCEEDED)
        .column(DONE)
        .startTime(before.startTime() == null ? base.now() : before.startTime())
        .completionTime(base.now())
        .nextAttemptAt(null)
        .progress(null)
        .stores(List.of())
        .conditions(
            base.conditions()
                .ready(ProgressReason.SUCCEEDED.apiName(), message)
                .setTrue(COMPLETE, ProgressReason.SUCCEEDED.apiName(), message)
                .list())
        .build();
  }

  /** Waits for an object or a user; no attempt is counted. */
  public ImageImportStatus waiting(Failure failure) {
    Conditions conditions = base.conditions();
    String reason = failure.reason().apiName();
    if (failure.reason() == Reason.SUSPENDED) {
      conditions.resting(reason, failure.message());
    } else {
      conditions.reconciling(reason, failure.message());
    }
    return base.next()
        .phase(ImportPhase.QUEUED)
        .column(reason)
        .progress(null)
        // A suspended attempt left nothing in the stores.
        .stores(
            ImportStatusRecords.copies(
                ImportStatusRecords.names(before.stores()), CopyState.PENDING))
        .conditions(conditions.list())
        .build();
  }

  /** The attempt failed and another one follows. */
  ImageImportStatus retrying(Failure failure, Duration wait) {
    Instant at = clock.instant().plus(wait).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    String reason = failure.reason().apiName();
    return base.next()
        .phase(ImportPhase.QUEUED)
        .column(reason)
        .progress(null)
        .nextAttemptAt(at.toString())
        .stores(failedCopies())
        .conditions(
            base.conditions()
                .reconciling(
                    reason,
                    String.format(
                        Locale.ROOT,
                        "%s Attempt %d of %d failed; the next attempt starts at %s.",
                        ImportStatusRecords.sentence(failure),
                        before.attempts(),
                        job.getSpec().backoffLimit() + 1,
                        at))
                .list())
        .build();
  }

  /** A change of the spec after the end has no effect; only observedGeneration follows. */
  ImageImportStatus observed() {
    Long generation = job.getMetadata().getGeneration();
    return ImageImportStatusBuilder.builder(before)
        .observedGeneration(generation)
        .conditions(
            before.conditions().stream()
                .map(c -> new ConditionBuilder(c).withObservedGeneration(generation).build())
                .toList())
        .build();
  }

  /** Nothing blocks the import any more; the next attempt starts at its time. */
  ImageImportStatus unblocked() {
    return base.next()
        .column("Queued")
        .conditions(
            base.conditions()
                .reconciling(
                    ProgressReason.QUEUED.apiName(),
                    "The next attempt starts at " + before.nextAttemptAt() + ".")
                .list())
        .build();
  }

  /** Whether the status is about the current spec. */
  boolean isObserved() {
    return Objects.equals(before.observedGeneration(), job.getMetadata().getGeneration());
  }

  /** The import failed; no attempt follows. */
  public ImageImportStatus failed(Failure failure) {
    String reason = failure.reason().apiName();
    return base.next()
        .phase(ImportPhase.FAILED)
        .column(reason)
        .completionTime(base.now())
        .nextAttemptAt(null)
        .progress(null)
        .stores(failedCopies())
        .conditions(
            base.conditions()
                .stalled(reason, failure.message())
                .setTrue(FAILED, reason, failure.message())
                .list())
        .build();
  }

  /** Adds the facts of the source: a short import ends before it reports progress. */
  static ImageImportStatus withSource(ImageImportStatus status, Progress progress) {
    return ImportStatusRecords.sourceFacts(progress)
        .map(facts -> ImageImportStatusBuilder.builder(status).source(facts).build())
        .orElse(status);
  }

  private List<StoreCopy> failedCopies() {
    return ImportStatusRecords.copies(ImportStatusRecords.names(before.stores()), CopyState.FAILED);
  }

  private ImportProgress done(long size) {
    return new ImportProgress(ImportPhase.SUCCEEDED, size, size, 100, null, null, base.now());
  }
}
