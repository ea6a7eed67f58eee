package dev.darkroom.cli;

import java.util.Optional;

/** What ends a command, as a sentence without a stack. */
final class CommandErrors {

  private CommandErrors() {}

  /** The sentence that was made for the user, or else what the deepest cause that speaks says. */
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
