package dev.darkroom.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names made from other names, which may be too long for where they go. */
final class ShortNames {

  /** What the name of an object may have. */
  private static final int OBJECT = 253;

  /** What the value of a label may have. */
  private static final int LABEL = 63;

  private static final int DIGITS = 10;

  private ShortNames() {}

  /** The text, as the name of an object. */
  static String object(String text) {
    return fit(text, OBJECT);
  }

  /** The name of an object, as the value of a label. */
  static String label(String name) {
    return fit(name, LABEL);
  }

  private static String fit(String text, int room) {
    return text.length() <= room
        ? text
        : text.substring(0, room - DIGITS - 1).replaceFirst("[^A-Za-z0-9]+$", "")
            + "-"
            + HexFormat.of().formatHex(sha256(text)).substring(0, DIGITS);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the Java runtime lacks SHA-256", e);
    }
  }
}
