package dev.darkroom.transfer;

/** Hears of every stage at the moment a transfer enters it. */
@FunctionalInterface
public interface StageListener {

  /**
   * The transfer enters the stage, and goes on when this returns. Called by the transfer's own
   * thread; for {@link Progress.Stage#QUEUED}, by the one that submits.
   */
  void entered(String id, Progress.Stage stage);

  /** Does nothing. */
  static StageListener none() {
    return (id, stage) -> {};
  }
}
