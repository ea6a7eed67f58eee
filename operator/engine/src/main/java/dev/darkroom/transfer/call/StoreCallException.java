package dev.darkroom.transfer.call;

/** Carries the exception of a call of a store from its thread to the waiter, as the cause. */
public final class StoreCallException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Wraps what the store threw. */
  public StoreCallException(Throwable cause) {
    super(cause);
  }
}
