package dev.darkroom.e2e.dev;

import java.net.BindException;

/** What there is to say when a port can't be had. */
final class Ports {

  private Ports() {}

  /** Whether this failure, or what it came from, is that of a port which is taken. */
  static boolean isTaken(Throwable failure) {
    return failure instanceof BindException
        || (failure.getCause() != null && isTaken(failure.getCause()));
  }

  /** The sentence for it. */
  static InputException taken(int port, String option, Throwable cause) {
    return new InputException(
        "Port "
            + port
            + " on 127.0.0.1 is taken; choose another with "
            + option
            + ", 0 for any that is free.",
        cause);
  }
}
