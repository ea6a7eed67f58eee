package dev.darkroom.e2e.dev;

/** Invalid input of the user. The message is for the user; exit code 2. */
final class InputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InputException(String message) {
    super(message);
  }

  InputException(String message, Throwable cause) {
    super(message, cause);
  }
}
