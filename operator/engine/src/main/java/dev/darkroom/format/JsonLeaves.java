package dev.darkroom.format;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The strings and numbers in a JSON object by the path that leads to them, such as {@code
 * segments.0.offset}; long paths are left out, and text with more than 4096 leaves is refused. This
 * package has no JSON library, and LUKS2 metadata needs no more than this.
 *
 * <p>Source: RFC 8259. Escapes in strings are not decoded.
 */
final class JsonLeaves {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_PATH_CHARACTERS = 64;
  private static final int MAX_LEAVES = 4096;

  private final String json;
  private final Map<String, String> leaves = new HashMap<>();
  private final Deque<String> path = new ArrayDeque<>();
  private int at;

  private JsonLeaves(String json) {
    this.json = json;
  }

  /**
   * Reads one JSON value; other text after it is an error.
   *
   * @throws IllegalArgumentException if the text is not exactly one JSON value
   */
  static Map<String, String> of(String json) {
    JsonLeaves reader = new JsonLeaves(json);
    reader.value();
    reader.skipSpace();
    if (reader.at < json.length()) {
      throw reader.malformed();
    }
    return reader.leaves;
  }

  private void value() {
    if (path.size() > MAX_DEPTH) {
      throw malformed();
    }
    switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> leaf(string());
      default -> leaf(word());
    }
  }

  private void object() {
    expect('{');
    if (peek() == '}') {
      at++;
      return;
    }
    do {
      String name = string();
      expect(':');
      member(name);
    } while (another('}'));
  }

  private void array() {
    expect('[');
    if (peek() == ']') {
      at++;
      return;
    }
    int index = 0;
    do {
      member(Integer.toString(index++));
    } while (another(']'));
  }

  private void member(String name) {
    path.addLast(name);
    value();
    path.removeLast();
  }

  /**
   * Keeps short paths only, and a limited number of them: hostile text must not fill the memory.
   */
  private void leaf(String value) {
    if (leaves.size() >= MAX_LEAVES) {
      throw malformed();
    }
    if (path.stream().mapToInt(String::length).sum() <= MAX_PATH_CHARACTERS) {
      leaves.put(String.join(".", path), value);
    }
  }

  /** Returns true after a comma, before another element; else the end must follow. */
  private boolean another(char end) {
    if (peek() == ',') {
      at++;
      return true;
    }
    expect(end);
    return false;
  }

  private String string() {
    expect('"');
    int start = at;
    while (at < json.length() && json.charAt(at) != '"') {
      at += json.charAt(at) == '\\' ? 2 : 1;
    }
    if (at >= json.length()) {
      throw malformed();
    }
    return json.substring(start, at++);
  }

  private String word() {
    int start = at;
    while (at < json.length() && isWordPart(json.charAt(at))) {
      at++;
    }
    if (at == start) {
      throw malformed();
    }
    return json.substring(start, at);
  }

  private static boolean isWordPart(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == 'E' || "+-.".indexOf(c) >= 0;
  }

  private void expect(char c) {
    if (peek() != c) {
      throw malformed();
    }
    at++;
  }

  private char peek() {
    skipSpace();
    if (at >= json.length()) {
      throw malformed();
    }
    return json.charAt(at);
  }

  private void skipSpace() {
    while (at < json.length() && " \t\r\n".indexOf(json.charAt(at)) >= 0) {
      at++;
    }
  }

  private IllegalArgumentException malformed() {
    return new IllegalArgumentException("not JSON at character " + at);
  }
}
