package dev.darkroom.controller.imageimport;

import dev.darkroom.api.ImportPhase;
import dev.darkroom.controller.support.ProgressReason;
import dev.darkroom.controller.support.Sizes;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.QueuePlace;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The texts of a running import: phase, reason, printer column and message of each stage. */
final class ImportStageText {

  /** The stages before the first byte of an attempt. */
  private static final Set<Progress.Stage> PREPARING =
      EnumSet.of(Progress.Stage.QUEUED, Progress.Stage.PREFLIGHT, Progress.Stage.RESUMING);

  private static final Set<ImportPhase> UNDER_WAY =
      EnumSet.of(
          ImportPhase.CONVERTING,
          ImportPhase.IMPORTING,
          ImportPhase.VALIDATING,
          ImportPhase.REPLICATING);

  private ImportStageText() {}

  /** Whether the phase has bytes. */
  static boolean isUnderWay(ImportPhase phase) {
    return UNDER_WAY.contains(phase);
  }

  /** Whether the stage is before the first byte of an attempt. */
  static boolean isPreparing(Progress.Stage stage) {
    return PREPARING.contains(stage);
  }

  /** The phase of a stage. */
  static ImportPhase phase(Progress.Stage stage) {
    return switch (stage) {
      case QUEUED -> ImportPhase.QUEUED;
      case PREFLIGHT, RESUMING, STAGING -> ImportPhase.STAGING;
      case CONVERTING -> ImportPhase.CONVERTING;
      case IMPORTING -> ImportPhase.IMPORTING;
      case VALIDATING -> ImportPhase.VALIDATING;
      case PUBLISHING -> ImportPhase.REPLICATING;
    };
  }

  /** The reason of a stage. */
  static ProgressReason step(Progress.Stage stage) {
    return switch (stage) {
      case QUEUED -> ProgressReason.QUEUED;
      case PREFLIGHT -> ProgressReason.PREFLIGHT;
      case RESUMING -> ProgressReason.RESUMING;
      case STAGING -> ProgressReason.STAGING;
      case CONVERTING -> ProgressReason.CONVERTING;
      case IMPORTING -> ProgressReason.IMPORTING;
      case VALIDATING -> ProgressReason.VALIDATING;
      case PUBLISHING -> ProgressReason.PUBLISHING;
    };
  }

  /** The reason of a phase with bytes, for an attempt of an earlier operator process. */
  static ProgressReason step(ImportPhase phase) {
    return switch (phase) {
      case CONVERTING -> ProgressReason.CONVERTING;
      case VALIDATING -> ProgressReason.VALIDATING;
      case REPLICATING -> ProgressReason.PUBLISHING;
      default -> ProgressReason.IMPORTING;
    };
  }

  /** The message of a step. */
  static String sentence(ProgressReason step) {
    return switch (step) {
      case QUEUED -> "The import waits for a free slot.";
      case PREFLIGHT -> "The source and the stores are checked.";
      case RESUMING -> "Bytes of an earlier attempt are read back and compared with their digests.";
      case STAGING -> "Bytes are read and inspected before the conversion.";
      case CONVERTING -> "qemu-img converts the disk.";
      case IMPORTING -> "Bytes are read, digested, inspected and written.";
      case VALIDATING -> "All bytes are read; digest and format are checked.";
      default -> "All checks passed; the copies are made durable and visible.";
    };
  }

  /** The printer column: the progress, after the step unless that is Importing. */
  static String column(Progress progress, ProgressReason step, Optional<Integer> percent) {
    String done = percent.map(p -> p + "%").orElseGet(() -> Sizes.of(progress.bytes()));
    return switch (progress.stage()) {
      case IMPORTING -> done;
      case STAGING, CONVERTING -> step.apiName() + " " + done;
      default -> step.apiName();
    };
  }

  /** From 0 to 99: the stages after the last byte still follow. Empty without a known size. */
  static Optional<Integer> percent(Progress progress) {
    if (progress.totalBytes().isEmpty() || progress.totalBytes().getAsLong() <= 0) {
      return Optional.empty();
    }
    double share = 100.0 * progress.bytes() / progress.totalBytes().getAsLong();
    return Optional.of((int) Math.max(0, Math.min(99, share)));
  }

  /** The message of a stalled import. */
  static String sentence(Progress progress, Duration silence) {
    String read = Sizes.of(progress.bytes());
    return "No byte was read for "
        + silence.toSeconds()
        + " s; "
        + (progress.totalBytes().isPresent()
            ? read + " of " + Sizes.of(progress.totalBytes().getAsLong()) + " were read."
            : read + " were read.");
  }

  /** The message of a queued import. */
  static String sentence(QueuePlace place) {
    return switch (place.limit()) {
      case SLOTS -> sentence(ProgressReason.QUEUED);
      case STORE ->
          "The import waits for a free slot of store " + place.store().orElseThrow() + ".";
      case TENANT -> "The import waits for a free slot of its namespace.";
    };
  }
}
