package dev.darkroom.e2e.dev.terminal;

/** How a piece of text is meant. Sequences: ECMA-48, section 8.3.117, select graphic rendition. */
public enum Tone {
  /** As all the rest. */
  PLAIN("0"),
  /** It went well. */
  GOOD("0;32"),
  /** It went wrong. */
  BAD("0;31"),
  /** It goes on. */
  BUSY("0;36"),
  /** To look at. */
  STRONG("0;1"),
  /** To pass over. */
  FAINT("0;2");

  private final String codes;

  Tone(String codes) {
    this.codes = codes;
  }

  /** What switches to this tone, whichever was before. */
  String sequence() {
    return "\033[" + codes + "m";
  }
}
