package dev.darkroom.transfer.model;

/** Carries a failure of a transfer up to its outcome. */
public final class RefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  /** Carries this failure. */
  public RefusedException(Failure failure) {
    super(failure.message());
    this.failure = failure;
  }

  /** Carries a new failure without a requested wait. */
  public RefusedException(Reason reason, String message) {
    this(Failure.of(reason, message));
  }

  /** The failure. */
  public Failure failure() {
    return failure;
  }
}
