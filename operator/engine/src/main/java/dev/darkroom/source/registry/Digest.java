package dev.darkroom.source.registry;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A digest of bytes (OCI image specification 1.1, "Digests").
 *
 * @param algorithm {@code sha256} or {@code sha512}
 * @param hex the value in lower-case hexadecimal
 */
record Digest(String algorithm, String hex) {

  private static final Pattern SYNTAX =
      Pattern.compile("(sha256):([0-9a-f]{64})|(sha512):([0-9a-f]{128})");

  /** Parses {@code algorithm:hex}; empty for another form or algorithm. */
  static Optional<Digest> parse(String text) {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        matcher.group(1) != null
            ? new Digest(matcher.group(1), matcher.group(2))
            : new Digest(matcher.group(3), matcher.group(4)));
  }

  /** Starts a computation with the same algorithm. */
  MessageDigest begin() {
    try {
      return MessageDigest.getInstance(algorithm.equals("sha256") ? "SHA-256" : "SHA-512");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime has no " + algorithm, e);
    }
  }

  /** Returns whether the computed digest equals this one; ends the computation. */
  boolean isOf(MessageDigest computed) {
    return HexFormat.of().formatHex(computed.digest()).equals(hex);
  }

  /** Returns whether the bytes have this digest. */
  boolean isOf(byte[] bytes) {
    MessageDigest computed = begin();
    computed.update(bytes);
    return isOf(computed);
  }

  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }
}
