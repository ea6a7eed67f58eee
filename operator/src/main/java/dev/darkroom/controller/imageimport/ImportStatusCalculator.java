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
import java.util.Optional;

/**
 * Works out what the status of an ImageImport says next, from what it says now and what happened.
 * Each method gives a whole status; nothing here acts.
 */
public final class ImportStatusCalculator {

  private static final String COMPLETE = "Complete";
  private static final String FAILED = "Failed";
  private static final String DONE = "Done";

  private final ImageImport job;
  private final ImageImportStatus before;
  private final Clock clock;

  public ImportStatusCalculator(ImageImport job, Clock clock) {
    this.job = job;
    this.before = Objects.requireNonNullElseGet(job.getStatus(), ImageImportStatus::empty);
    this.clock = clock;
  }

  /** Whether it ended, well or not. */
  public static boolean finished(ImageImport job) {
    return job.getStatus() != null
        && (Conditions.isTrue(job.getStatus().conditions(), COMPLETE)
            || Conditions.isTrue(job.getStatus().conditions(), FAILED));
  }

  /** Whether it ended well. */
  public static boolean succeeded(ImageImport job) {
    return job.getStatus() != null && Conditions.isTrue(job.getStatus().conditions(), COMPLETE);
  }

  /** A number of the attempt that begins now: the one that was cut off, or the next. */
  int nextAttempt() {
    boolean cutOff = before.attempts() > 0 && before.nextAttemptAt() == null;
    return cutOff ? before.attempts() : before.attempts() + 1;
  }

  /** An attempt begins. One that was cut off goes on, and does not tell of its beginning again. */
  public ImageImportStatus begun(int attempt, List<String> stores) {
    if (isUnderWay() && attempt == before.attempts()) {
      return goingOn(
              before.stores().isEmpty() ? stores : ImportStatusRecords.names(before.stores()))
          .build();
    }
    return next()
        .phase(ImportPhase.QUEUED)
        .column("Queued")
        .attempts(attempt)
        .startTime(before.startTime() == null ? now() : before.startTime())
        .nextAttemptAt(null)
        .progress(null)
        .stores(ImportStatusRecords.copies(stores, CopyState.PENDING))
        .conditions(
            conditions()
                .reconciling(ProgressReason.QUEUED.apiName(), "The import waits for a free slot.")
                .list())
        .build();
  }

  /** The attempt waits for its slot. */
  ImageImportStatus queued(QueuePlace place) {
    if (isUnderWay()) {
      return goingOn(ImportStatusRecords.names(before.stores()))
          .queuePosition(place.position())
          .build();
    }
    return next()
        .phase(ImportPhase.QUEUED)
        .column("Queued")
        .queuePosition(place.position())
        .progress(null)
        .conditions(
            conditions()
                .reconciling(ProgressReason.QUEUED.apiName(), ImportStageText.sentence(place))
                .list())
        .build();
  }

  /** The attempt goes on. When no byte comes, how long for. */
  public ImageImportStatus running(Progress progress) {
    ImageImportStatus moving = moving(progress);
    Optional<Duration> silence = ImportTimes.silence(progress, clock);
    return silence
        .map(
            age ->
                ImageImportStatusBuilder.builder(moving)
                    .column(ProgressReason.STALLED.apiName())
                    .conditions(
                        conditions()
                            .reconciling(
                                ProgressReason.STALLED.apiName(),
                                ImportStageText.sentence(progress, age))
                            .list())
                    .build())
        .orElse(moving);
  }

  /** Whether it said that bytes were on their way, in an attempt that has not failed since. */
  private boolean isUnderWay() {
    return before.nextAttemptAt() == null
        && before.progress() != null
        && ImportStageText.isUnderWay(before.progress().stage());
  }

  /**
   * Whoever takes an attempt over from an operator that is gone asks the source and reads back what
   * is there. Until there are bytes again the status stays with what was said: it was that far.
   */
  private ImageImportStatusBuilder goingOn(List<String> stores) {
    ProgressReason step = ImportStageText.step(before.progress().stage());
    String column = before.column();
    return next()
        .phase(before.progress().stage())
        .column(ProgressReason.STALLED.apiName().equals(column) ? step.apiName() : column)
        .stores(ImportStatusRecords.copies(stores, CopyState.COPYING))
        .conditions(
            conditions().reconciling(step.apiName(), ImportStageText.sentence(step)).list());
  }

  private ImageImportStatus moving(Progress progress) {
    if (isUnderWay() && ImportStageText.isPreparing(progress.stage())) {
      return goingOn(ImportStatusRecords.names(before.stores()))
          .source(ImportStatusRecords.sourceFacts(progress).orElse(before.source()))
          .build();
    }
    ImportPhase phase = ImportStageText.phase(progress.stage());
    ProgressReason step = ImportStageText.step(progress.stage());
    Optional<Integer> percent = ImportStageText.percent(progress);
    return next()
        .phase(phase)
        .column(ImportStageText.column(progress, step, percent))
        .progress(
            new ImportProgress(
                phase,
                progress.bytes(),
                ImportStatusRecords.boxed(progress.totalBytes()),
                percent.orElse(null),
                progress.bytesPerSecond(),
                progress.eta().map(Duration::toSeconds).orElse(null),
                now()))
        .source(ImportStatusRecords.sourceFacts(progress).orElse(before.source()))
        .stores(
            ImportStatusRecords.copies(
                ImportStatusRecords.names(before.stores()),
                progress.stage().compareTo(Progress.Stage.IMPORTING) < 0
                        && progress.stage() != Progress.Stage.RESUMING
                    ? CopyState.PENDING
                    : CopyState.COPYING))
        .conditions(conditions().reconciling(step.apiName(), ImportStageText.sentence(step)).list())
        .build();
  }

  /** Verified copies are where they shall be. */
  public ImageImportStatus succeeded(Outcome.Stored stored) {
    String message = ImportStatusRecords.sentence(stored);
    return next()
        .phase(ImportPhase.SUCCEEDED)
        .column(DONE)
        .completionTime(now())
        .nextAttemptAt(null)
        .progress(done(stored.facts().size()))
        .stores(ImportStatusRecords.copies(stored, now()))
        .result(ImportStatusRecords.result(stored.facts()))
        .conditions(
            conditions()
                .ready(ProgressReason.SUCCEEDED.apiName(), message)
                .setTrue(COMPLETE, ProgressReason.SUCCEEDED.apiName(), message)
                .list())
        .build();
  }

  /** All that it should make was there already. */
  ImageImportStatus nothingToDo() {
    String message = "Every store has its copy already.";
    return next()
        .phase(ImportPhase.SUCCEEDED)
        .column(DONE)
        .startTime(before.startTime() == null ? now() : before.startTime())
        .completionTime(now())
        .nextAttemptAt(null)
        .progress(null)
        .stores(List.of())
        .conditions(
            conditions()
                .ready(ProgressReason.SUCCEEDED.apiName(), message)
                .setTrue(COMPLETE, ProgressReason.SUCCEEDED.apiName(), message)
                .list())
        .build();
  }

  /** An object or a person is awaited; no attempt is counted. */
  public ImageImportStatus waiting(Failure failure) {
    Conditions conditions = conditions();
    String reason = failure.reason().apiName();
    if (failure.reason() == Reason.SUSPENDED) {
      conditions.resting(reason, failure.message());
    } else {
      conditions.reconciling(reason, failure.message());
    }
    return next()
        .phase(ImportPhase.QUEUED)
        .column(reason)
        .progress(null)
        // An attempt that was suspended has left nothing in the stores.
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
    return next()
        .phase(ImportPhase.QUEUED)
        .column(reason)
        .progress(null)
        .nextAttemptAt(at.toString())
        .stores(failedCopies())
        .conditions(
            conditions()
                .reconciling(
                    reason,
                    String.format(
                        Locale.ROOT,
                        "%s Attempt %d of %d failed; the next begins at %s.",
                        ImportStatusRecords.sentence(failure),
                        before.attempts(),
                        job.getSpec().backoffLimit() + 1,
                        at))
                .list())
        .build();
  }

  /** A spec that was changed after the end changes nothing; it was seen. */
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

  /** Another attempt follows, in its time, and nothing else is in its way any more. */
  ImageImportStatus resumed() {
    return next()
        .column("Queued")
        .conditions(
            conditions()
                .reconciling(
                    ProgressReason.QUEUED.apiName(),
                    "The next attempt begins at " + before.nextAttemptAt() + ".")
                .list())
        .build();
  }

  /** Whether the status is about the spec as it is now. */
  boolean isObserved() {
    return Objects.equals(before.observedGeneration(), job.getMetadata().getGeneration());
  }

  /** It is given up. */
  public ImageImportStatus failed(Failure failure) {
    String reason = failure.reason().apiName();
    return next()
        .phase(ImportPhase.FAILED)
        .column(reason)
        .completionTime(now())
        .nextAttemptAt(null)
        .progress(null)
        .stores(failedCopies())
        .conditions(
            conditions()
                .stalled(reason, failure.message())
                .setTrue(FAILED, reason, failure.message())
                .list())
        .build();
  }

  /** The same with what the source said: an import that is quick ends before it tells of itself. */
  static ImageImportStatus withSource(ImageImportStatus status, Progress progress) {
    return ImportStatusRecords.sourceFacts(progress)
        .map(facts -> ImageImportStatusBuilder.builder(status).source(facts).build())
        .orElse(status);
  }

  private ImageImportStatusBuilder next() {
    return ImageImportStatusBuilder.builder(before)
        .queuePosition(null)
        .observedGeneration(job.getMetadata().getGeneration());
  }

  private Conditions conditions() {
    return Conditions.after(before.conditions(), job.getMetadata().getGeneration(), clock);
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private List<StoreCopy> failedCopies() {
    return ImportStatusRecords.copies(ImportStatusRecords.names(before.stores()), CopyState.FAILED);
  }

  private ImportProgress done(long size) {
    return new ImportProgress(ImportPhase.SUCCEEDED, size, size, 100, null, null, now());
  }
}
