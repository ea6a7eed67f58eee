package dev.darkroom.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Shortens names to the limits of Kubernetes; a shortened name ends in a hash of the whole. */
final class ShortNames {

  /** The most characters of an object name. */
  private static final int OBJECT = 253;

  /** The most characters of a label value. */
  private static final int LABEL = 63;

  private static final int DIGITS = 10;

  private ShortNames() {}

  /** The text as an object name. */
  static String object(String text) {
    return fit(text, OBJECT);
  }

  /** An object name as a label value. */
  static String label(String name) {
    return fit(name, LABEL);
  }

  private static String fit(String text, int limit) {
    return text.length() <= limit
        ? text
        : text.substring(0, limit - DIGITS - 1).replaceFirst("[^A-Za-z0-9]+$", "")
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
