package dev.darkroom.transfer.call;

/** Carries what a call of a store threw, from its thread to the one that waited. */
public final class StoreCallException extends Exception {

  private static final long serialVersionUID = 1L;

  public StoreCallException(Throwable cause) {
    super(cause);
  }
}
