package dev.darkroom.format;

/** Makes text from an image safe for a message. */
final class Quote {
  private static final int MAX_CHARACTERS = 100;

  private Quote() {}

  /** Printable ASCII, at most 100 characters; any other character becomes a question mark. */
  static String of(String found) {
    StringBuilder quoted = new StringBuilder(Math.min(found.length(), MAX_CHARACTERS));
    for (int i = 0; i < found.length() && i < MAX_CHARACTERS; i++) {
      char c = found.charAt(i);
      quoted.append(c >= ' ' && c <= '~' ? c : '?');
    }
    if (found.length() > MAX_CHARACTERS) {
      quoted.replace(MAX_CHARACTERS - 3, MAX_CHARACTERS, "...");
    }
    return quoted.toString();
  }
}
