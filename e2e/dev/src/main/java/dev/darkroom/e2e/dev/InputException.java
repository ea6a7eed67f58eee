package dev.darkroom.e2e.dev;

/** What the user gave can't be used. The message is a sentence for the user; exit code 2. */
final class InputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InputException(String message) {
    super(message);
  }

  InputException(String message, Throwable cause) {
    super(message, cause);
  }
}
