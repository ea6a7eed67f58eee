package dev.darkroom.cli;

/** Ends a command. Its message is a sentence that whoever called the command understands. */
final class CommandException extends Exception {

  private static final long serialVersionUID = 1L;

  CommandException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
