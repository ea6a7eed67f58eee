package dev.darkroom.transfer;

import dev.darkroom.source.SourceHead;
import dev.darkroom.transfer.intake.Intake;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.RefusedException;
import dev.darkroom.transfer.pipeline.ProgressMeter;
import java.util.OptionalLong;

/** Shows a conversion on the meter of a transfer. */
record ConversionProgress(ProgressMeter meter) implements Intake.Listener {

  @Override
  public void staging(SourceHead head) throws RefusedException {
    meter.head(head);
    requireBytes(head);
    meter.stage(Progress.Stage.STAGING);
  }

  @Override
  public void converting(long diskBytes) {
    meter.restart(OptionalLong.of(diskBytes));
    meter.stage(Progress.Stage.CONVERTING);
  }

  @Override
  public void converted(long bytes) {
    meter.reached(bytes);
  }

  /**
   * Checks that the source does not announce an empty body.
   *
   * @throws RefusedException {@code SIZE_MISMATCH} when it does
   */
  static void requireBytes(SourceHead head) throws RefusedException {
    if (head.length().isPresent() && head.length().getAsLong() == 0) {
      throw new RefusedException(Reason.SIZE_MISMATCH, "The source announces 0 bytes.");
    }
  }
}
