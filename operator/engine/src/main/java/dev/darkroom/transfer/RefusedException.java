package dev.darkroom.transfer;

/** Carries a failure that the transfer itself found up to where outcomes are made. */
final class RefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  RefusedException(Failure failure) {
    super(failure.message());
    this.failure = failure;
  }

  RefusedException(Reason reason, String message) {
    this(Failure.of(reason, message));
  }

  Failure failure() {
    return failure;
  }
}
