package dev.darkroom.e2e.dev.terminal;

/**
 * One line of a known width, put together from pieces in their tones. Between two pieces stands one
 * escape sequence and at the end none: the library that draws the bars loses count of the columns
 * otherwise. For one thread.
 */
final class TonedLine {

  private final Terminal terminal;
  private final int width;
  private final StringBuilder line = new StringBuilder();
  private Tone tone = Tone.PLAIN;
  private int columns;

  TonedLine(Terminal terminal, int width) {
    this.terminal = terminal;
    this.width = width;
  }

  /** Adds as much of the text as fits. */
  TonedLine add(Tone next, String text) {
    String fitting = text.substring(0, Math.min(text.length(), Math.max(0, room() - 1)));
    if (fitting.isEmpty()) {
      return this;
    }
    if (next != tone && terminal.can(Terminal.Ability.COLOUR)) {
      line.append(next.sequence());
    }
    tone = next;
    line.append(fitting);
    columns += fitting.length();
    return this;
  }

  /** The free columns. */
  int room() {
    return width - columns;
  }

  /** The line, padded with spaces to cover an older line. */
  String filled() {
    if (tone != Tone.PLAIN && terminal.can(Terminal.Ability.COLOUR)) {
      line.append(Tone.PLAIN.sequence());
    }
    return line + " ".repeat(Math.max(0, room()));
  }
}
