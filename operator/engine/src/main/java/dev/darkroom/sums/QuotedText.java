package dev.darkroom.sums;

/** Quotes untrusted text for messages: shortened, without control characters. */
final class QuotedText {

  private static final int LONGEST = 120;

  private QuotedText() {}

  static String of(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .limit(LONGEST)
        .map(c -> c >= ' ' && c < 127 ? c : '?')
        .forEach(quoted::appendCodePoint);
    return quoted.append(text.codePointCount(0, text.length()) > LONGEST ? "…\"" : "\"").toString();
  }
}
