package dev.darkroom.transfer.model;

/** Carries the failed check of delivered bytes through a body's {@code read}. */
public final class UndeliverableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  /** Carries this failure. */
  public UndeliverableException(Failure failure) {
    super(failure.message());
    this.failure = failure;
  }

  /** The failure. */
  public Failure failure() {
    return failure;
  }
}
