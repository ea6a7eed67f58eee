package dev.darkroom.controller.support;

import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Reason;

/** A prerequisite is missing or wrong: the work waits or fails, as the reason says. */
public final class PrerequisiteException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  /** A failure with that reason and message. */
  public PrerequisiteException(Reason reason, String message) {
    this(Failure.of(reason, message));
  }

  /** The failure. */
  public PrerequisiteException(Failure failure) {
    super(failure.message());
    this.failure = failure;
  }

  /** The failure; its reason determines the next step. */
  public Failure failure() {
    return failure;
  }
}
