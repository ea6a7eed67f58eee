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

/**
 * What is told of an import while it is on its way: its phase, its reason, a column, a sentence.
 */
final class ImportStageText {

  /** What comes before the bytes, each time that an attempt is begun or gone on with. */
  private static final Set<Progress.Stage> PREPARING =
      EnumSet.of(Progress.Stage.QUEUED, Progress.Stage.PREFLIGHT, Progress.Stage.RESUMING);

  private static final Set<ImportPhase> UNDER_WAY =
      EnumSet.of(
          ImportPhase.CONVERTING,
          ImportPhase.IMPORTING,
          ImportPhase.VALIDATING,
          ImportPhase.REPLICATING);

  private ImportStageText() {}

  /** Whether bytes are on their way, or were. */
  static boolean isUnderWay(ImportPhase phase) {
    return UNDER_WAY.contains(phase);
  }

  /** Whether this comes before the bytes. */
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

  /** The reason of a phase with bytes: all that a status still says of an attempt cut off. */
  static ProgressReason step(ImportPhase phase) {
    return switch (phase) {
      case CONVERTING -> ProgressReason.CONVERTING;
      case VALIDATING -> ProgressReason.VALIDATING;
      case REPLICATING -> ProgressReason.PUBLISHING;
      default -> ProgressReason.IMPORTING;
    };
  }

  /** What is done now. */
  static String sentence(ProgressReason step) {
    return switch (step) {
      case QUEUED -> "The import waits for a free slot.";
      case PREFLIGHT -> "The source and the stores are asked.";
      case RESUMING -> "What an earlier attempt left is compared with its sums and read back.";
      case STAGING -> "Bytes are read and inspected before they are converted.";
      case CONVERTING -> "qemu-img converts the disk.";
      case IMPORTING -> "Bytes are read, digested, inspected and written.";
      case VALIDATING -> "All bytes are here; digest and format are compared.";
      default -> "The verdict is good; copies are made durable and visible.";
    };
  }

  /** A column: how far it is, after what it does where that is not the usual. */
  static String column(Progress progress, ProgressReason step, Optional<Integer> percent) {
    String far = percent.map(p -> p + "%").orElseGet(() -> Sizes.of(progress.bytes()));
    return switch (progress.stage()) {
      case IMPORTING -> far;
      case STAGING, CONVERTING -> step.apiName() + " " + far;
      default -> step.apiName();
    };
  }

  /** Never 100 while bytes move: what comes after them has stages of its own. */
  static Optional<Integer> percent(Progress progress) {
    if (progress.totalBytes().isEmpty() || progress.totalBytes().getAsLong() <= 0) {
      return Optional.empty();
    }
    double share = 100.0 * progress.bytes() / progress.totalBytes().getAsLong();
    return Optional.of((int) Math.max(0, Math.min(99, share)));
  }

  /** Why it is said to be stalled. */
  static String sentence(Progress progress, Duration silence) {
    String there = Sizes.of(progress.bytes());
    return "No byte has come for "
        + silence.toSeconds()
        + " s; "
        + (progress.totalBytes().isPresent()
            ? there + " of " + Sizes.of(progress.totalBytes().getAsLong()) + " are here."
            : there + " are here.");
  }

  /** What a waiting import waits for. */
  static String sentence(QueuePlace place) {
    return switch (place.limit()) {
      case SLOTS -> sentence(ProgressReason.QUEUED);
      case STORE ->
          "The import waits for a free slot of store " + place.store().orElseThrow() + ".";
      case TENANT -> "The import waits for a free slot of its namespace.";
    };
  }
}
