package dev.darkroom.store.filesystem;

import dev.darkroom.store.BlobKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What an entry of {@code .partial} is called: the key with {@code +} for each slash, cut and given
 * a part of its SHA-256 where a file name could not hold it, a dot, and a random number in 16
 * hexadecimal digits. So it is readable, says which key it is of, and is one file name, whatever
 * the key.
 */
final class PartialName {

  private static final int WHOLE = 200;
  private static final HexFormat HEX = HexFormat.of();

  private PartialName() {}

  /** A new one. */
  static String fresh(BlobKey key) {
    return prefix(key) + HEX.toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  /** Whether a string, which may come from anywhere, is a name of an entry of that key. */
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
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
