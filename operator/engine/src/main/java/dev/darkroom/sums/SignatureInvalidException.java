package dev.darkroom.sums;

/** The reason why a signature is invalid. The message is one sentence. */
public final class SignatureInvalidException extends Exception {

  private static final long serialVersionUID = 1L;

  SignatureInvalidException(String message) {
    super(message);
  }

  SignatureInvalidException(String message, Throwable cause) {
    super(message, cause);
  }
}
