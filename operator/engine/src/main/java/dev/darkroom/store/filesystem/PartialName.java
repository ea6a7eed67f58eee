package dev.darkroom.store.filesystem;

import dev.darkroom.store.BlobKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The name of an entry of {@code .partial}: the key with {@code +} for each slash, a dot, and a
 * random number of 16 hexadecimal digits. A key that is too long for a file name is cut and gets a
 * part of its SHA-256. So the name is readable, identifies its key, and is always one file name.
 */
final class PartialName {

  private static final int WHOLE = 200;
  private static final HexFormat HEX = HexFormat.of();

  private PartialName() {}

  /** Returns a new name. */
  static String fresh(BlobKey key) {
    return prefix(key) + HEX.toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  /** Returns whether a string, which may be untrusted, is a name of an entry of that key. */
  static boolean isOf(BlobKey key, String name) {
    String prefix = prefix(key);
    return name.startsWith(prefix) && name.substring(prefix.length()).matches("[0-9a-f]{16}");
  }

  private static String prefix(BlobKey key) {
    String readable = key.value().replace('/', '+');
    return readable.length() <= WHOLE
        ? readable + "."
        : readable.substring(0, WHOLE) + "~" + digest(key) + ".";
  }

  private static String digest(BlobKey key) {
    try {
      byte[] all =
          MessageDigest.getInstance("SHA-256")
              .digest(key.value().getBytes(StandardCharsets.US_ASCII));
      return HEX.formatHex(all, 0, Long.BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime has no SHA-256", e);
    }
  }
}
