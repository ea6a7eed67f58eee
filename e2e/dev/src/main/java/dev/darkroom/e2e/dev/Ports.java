package dev.darkroom.e2e.dev;

import java.net.BindException;

/** Errors of ports that are in use. */
final class Ports {

  private Ports() {}

  /** Whether a failure, or its cause, is a port in use. */
  static boolean isTaken(Throwable failure) {
    return failure instanceof BindException
        || (failure.getCause() != null && isTaken(failure.getCause()));
  }

  /** The message for the user. */
  static InputException taken(int port, String option, Throwable cause) {
    return new InputException(
        "Port "
            + port
            + " on 127.0.0.1 is in use; set another with "
            + option
            + ", or 0 for any free port.",
        cause);
  }
}
