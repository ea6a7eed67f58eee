package dev.darkroom.controller.support;

import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Reason;

/** Something that work needs is not there, or not as it should be: the work is held. */
public final class PrerequisiteException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  public PrerequisiteException(Reason reason, String message) {
    this(Failure.of(reason, message));
  }

  public PrerequisiteException(Failure failure) {
    super(failure.message());
    this.failure = failure;
  }

  /** Why; its reason says what happens next. */
  public Failure failure() {
    return failure;
  }
}
