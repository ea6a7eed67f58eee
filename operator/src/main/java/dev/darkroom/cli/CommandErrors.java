package dev.darkroom.cli;

import java.util.Optional;

/** Converts the exception that ends a command to one sentence without a stack. */
final class CommandErrors {

  private CommandErrors() {}

  /** The message of a {@link CommandException}, or else of the deepest cause with a message. */
  static String sentence(Throwable thrown) {
    String sentence = thrown.getClass().getSimpleName();
    Optional<Throwable> cause = Optional.of(thrown);
    while (cause.isPresent()) {
      String message = cause.get().getMessage();
      if (message != null && !message.isBlank()) {
        sentence = message;
      }
      cause =
          cause.get() instanceof CommandException
              ? Optional.empty()
              : Optional.ofNullable(cause.get().getCause());
    }
    return sentence;
  }
}
