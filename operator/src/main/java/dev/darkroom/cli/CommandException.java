package dev.darkroom.cli;

/** Ends a command. The message is a sentence for the user. */
final class CommandException extends Exception {

  private static final long serialVersionUID = 1L;

  CommandException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
