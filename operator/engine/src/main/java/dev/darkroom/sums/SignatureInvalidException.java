package dev.darkroom.sums;

/** Why a signature does not count. Its message is one sentence for people. */
public final class SignatureInvalidException extends Exception {

  private static final long serialVersionUID = 1L;

  SignatureInvalidException(String message) {
    super(message);
  }

  SignatureInvalidException(String message, Throwable cause) {
    super(message, cause);
  }
}
