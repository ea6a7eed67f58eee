package dev.darkroom.transfer.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;

/**
 * A digest and the algorithm that made it, written {@code algorithm:hex} as in the API.
 *
 * @param algorithm of the digest
 * @param hex lower-case hexadecimal, of the algorithm's length
 */
public record Checksum(Algorithm algorithm, String hex) {

  /** The digest algorithms of the API. */
  public enum Algorithm {
    /** MD5 (RFC 1321): only to compare with published checksums. */
    MD5("MD5", 32),
    /** SHA-1 (FIPS 180-4): only to compare with published checksums. */
    SHA1("SHA-1", 40),
    /** SHA-224 (FIPS 180-4). */
    SHA224("SHA-224", 56),
    /** SHA-256 (FIPS 180-4): always computed: the digest of stored bytes. */
    SHA256("SHA-256", 64),
    /** SHA-384 (FIPS 180-4). */
    SHA384("SHA-384", 96),
    /** SHA-512 (FIPS 180-4). */
    SHA512("SHA-512", 128);

    private final String jcaName;
    private final int hexLength;

    Algorithm(String jcaName, int hexLength) {
      this.jcaName = jcaName;
      this.hexLength = hexLength;
    }

    /** The name in the API: {@code sha256}. */
    public String apiName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The name in the Java Cryptography Architecture: {@code SHA-256}. */
    public String jcaName() {
      return jcaName;
    }

    /** A new digest of the Java runtime. */
    public MessageDigest newDigest() {
      try {
        return MessageDigest.getInstance(jcaName);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("the Java runtime lacks " + jcaName, e);
      }
    }
  }

  /** Reads {@code algorithm:hex}, case-insensitively; empty when it is malformed. */
  public static Optional<Checksum> parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    String name = text.substring(0, colon).toLowerCase(Locale.ROOT);
    String hex = text.substring(colon + 1).toLowerCase(Locale.ROOT);
    for (Algorithm algorithm : Algorithm.values()) {
      if (algorithm.apiName().equals(name)
          && hex.length() == algorithm.hexLength
          && hex.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
        return Optional.of(new Checksum(algorithm, hex));
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return algorithm.apiName() + ":" + hex;
  }
}
