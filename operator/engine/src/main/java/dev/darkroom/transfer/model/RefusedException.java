package dev.darkroom.transfer.model;

/** Carries a failure that the transfer itself found up to where outcomes are made. */
public final class RefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  public RefusedException(Failure failure) {
    super(failure.message());
    this.failure = failure;
  }

  public RefusedException(Reason reason, String message) {
    this(Failure.of(reason, message));
  }

  public Failure failure() {
    return failure;
  }
}
