package dev.darkroom.controller.imageimport;

import dev.darkroom.api.CopyState;
import dev.darkroom.api.ImageImportStatus;
import dev.darkroom.api.ImageImportStatusBuilder;
import dev.darkroom.api.ImportPhase;
import dev.darkroom.api.ImportProgress;
import dev.darkroom.controller.support.ProgressReason;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.QueuePlace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Calculates the next status of an ImageImport while an attempt starts, waits or runs. An attempt
 * that was interrupted with its operator keeps its progress.
 */
final class RunningStatusCalculator {

  private final ImportStatusBase base;

  RunningStatusCalculator(ImportStatusBase base) {
    this.base = base;
  }

  /** An attempt starts. The status of an interrupted attempt keeps its progress. */
  ImageImportStatus begun(int attempt, List<String> stores) {
    if (isUnderWay() && attempt == base.before().attempts()) {
      return continued(
              base.before().stores().isEmpty()
                  ? stores
                  : ImportStatusRecords.names(base.before().stores()))
          .build();
    }
    return base.next()
        .phase(ImportPhase.QUEUED)
        .column("Queued")
        .attempts(attempt)
        .startTime(base.before().startTime() == null ? base.now() : base.before().startTime())
        .nextAttemptAt(null)
        .progress(null)
        .stores(ImportStatusRecords.copies(stores, CopyState.PENDING))
        .conditions(
            base.conditions()
                .reconciling(ProgressReason.QUEUED.apiName(), "The import waits for a free slot.")
                .list())
        .build();
  }

  /** The attempt waits for its slot. */
  ImageImportStatus queued(QueuePlace place) {
    if (isUnderWay()) {
      return continued(ImportStatusRecords.names(base.before().stores()))
          .queuePosition(place.position())
          .build();
    }
    return base.next()
        .phase(ImportPhase.QUEUED)
        .column("Queued")
        .queuePosition(place.position())
        .progress(null)
        .conditions(
            base.conditions()
                .reconciling(ProgressReason.QUEUED.apiName(), ImportStageText.sentence(place))
                .list())
        .build();
  }

  /** The attempt runs. Reports a source that sends no bytes. */
  ImageImportStatus running(Progress progress) {
    ImageImportStatus moving = moving(progress);
    Optional<Duration> silence = ImportTimes.silence(progress, base.clock());
    return silence
        .map(
            age ->
                ImageImportStatusBuilder.builder(moving)
                    .column(ProgressReason.STALLED.apiName())
                    .conditions(
                        base.conditions()
                            .reconciling(
                                ProgressReason.STALLED.apiName(),
                                ImportStageText.sentence(progress, age))
                            .list())
                    .build())
        .orElse(moving);
  }

  /** Whether the last status has progress of an attempt that has not failed. */
  private boolean isUnderWay() {
    return base.before().nextAttemptAt() == null
        && base.before().progress() != null
        && ImportStageText.isUnderWay(base.before().progress().stage());
  }

  /**
   * Keeps the progress of an interrupted attempt until it reads new bytes: an operator that takes
   * it over first checks the source and reads back the bytes of the earlier process.
   */
  private ImageImportStatusBuilder continued(List<String> stores) {
    ProgressReason step = ImportStageText.step(base.before().progress().stage());
    String column = base.before().column();
    return base.next()
        .phase(base.before().progress().stage())
        .column(ProgressReason.STALLED.apiName().equals(column) ? step.apiName() : column)
        .stores(ImportStatusRecords.copies(stores, CopyState.COPYING))
        .conditions(
            base.conditions().reconciling(step.apiName(), ImportStageText.sentence(step)).list());
  }

  private ImageImportStatus moving(Progress progress) {
    if (isUnderWay() && ImportStageText.isPreparing(progress.stage())) {
      return continued(ImportStatusRecords.names(base.before().stores()))
          .source(ImportStatusRecords.sourceFacts(progress).orElse(base.before().source()))
          .build();
    }
    ImportPhase phase = ImportStageText.phase(progress.stage());
    ProgressReason step = ImportStageText.step(progress.stage());
    Optional<Integer> percent = ImportStageText.percent(progress);
    return base.next()
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
                base.now()))
        .source(ImportStatusRecords.sourceFacts(progress).orElse(base.before().source()))
        .stores(
            ImportStatusRecords.copies(
                ImportStatusRecords.names(base.before().stores()),
                progress.stage().compareTo(Progress.Stage.IMPORTING) < 0
                        && progress.stage() != Progress.Stage.RESUMING
                    ? CopyState.PENDING
                    : CopyState.COPYING))
        .conditions(
            base.conditions().reconciling(step.apiName(), ImportStageText.sentence(step)).list())
        .build();
  }
}
