package dev.darkroom.transfer;

/** Carries what a call of a store threw, from its thread to the one that waited. */
final class StoreCallException extends Exception {

  private static final long serialVersionUID = 1L;

  StoreCallException(Throwable cause) {
    super(cause);
  }
}
