package dev.darkroom.transfer.model;

/** Carries what is wrong with delivered bytes through a body's {@code read}. */
public final class UndeliverableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  public UndeliverableException(Failure failure) {
    super(failure.message());
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }
}
