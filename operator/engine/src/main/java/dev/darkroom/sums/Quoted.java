package dev.darkroom.sums;

/** Strangers' text in our sentences: short, and nothing that moves a terminal's cursor. */
final class Quoted {

  private static final int LONGEST = 120;

  private Quoted() {}

  static String of(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .limit(LONGEST)
        .map(c -> c >= ' ' && c < 127 ? c : '?')
        .forEach(quoted::appendCodePoint);
    return quoted.append(text.codePointCount(0, text.length()) > LONGEST ? "…\"" : "\"").toString();
  }
}
