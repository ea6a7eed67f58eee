package dev.darkroom.controller;

import dev.darkroom.transfer.Failure;
import dev.darkroom.transfer.Reason;

/** Something that work needs is not there, or not as it should be: the work is held. */
final class HeldException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  HeldException(Reason reason, String message) {
    this(Failure.of(reason, message));
  }

  HeldException(Failure failure) {
    super(failure.message());
    this.failure = failure;
  }

  /** Why; its reason says what happens next. */
  Failure failure() {
    return failure;
  }
}
