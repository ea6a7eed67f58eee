package dev.darkroom.e2e.dev.terminal;

/**
 * The meaning of a piece of text. Sequences: ECMA-48, section 8.3.117, select graphic rendition.
 */
public enum Tone {
  /** Normal text. */
  PLAIN("0"),
  /** Success. */
  GOOD("0;32"),
  /** Failure. */
  BAD("0;31"),
  /** In progress. */
  BUSY("0;36"),
  /** Emphasized. */
  STRONG("0;1"),
  /** De-emphasized. */
  FAINT("0;2");

  private final String codes;

  Tone(String codes) {
    this.codes = codes;
  }

  /** The escape sequence that switches to this tone from any other. */
  String sequence() {
    return "\033[" + codes + "m";
  }
}
