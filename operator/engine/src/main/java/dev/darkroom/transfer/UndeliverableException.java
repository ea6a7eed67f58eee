package dev.darkroom.transfer;

/** Carries what is wrong with delivered bytes through a body's {@code read}. */
final class UndeliverableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  UndeliverableException(Failure failure) {
    super(failure.message());
    this.failure = failure;
  }

  Failure failure() {
    return failure;
  }
}
