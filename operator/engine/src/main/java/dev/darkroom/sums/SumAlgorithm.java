package dev.darkroom.sums;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The digest algorithms of sums files and the API, weakest first. */
public enum SumAlgorithm {
  /** RFC 1321. */
  MD5(32),
  /** FIPS 180-4. */
  SHA1(40),
  /** FIPS 180-4. */
  SHA224(56),
  /** FIPS 180-4. */
  SHA256(64),
  /** FIPS 180-4. */
  SHA384(96),
  /** FIPS 180-4. */
  SHA512(128);

  private final int hexLength;

  SumAlgorithm(int hexLength) {
    this.hexLength = hexLength;
  }

  /** Returns the name in the API: {@code sha256}. */
  public String apiName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the algorithm with a digest of that length in hexadecimal. */
  static Optional<SumAlgorithm> ofHexLength(int length) {
    return Arrays.stream(values()).filter(a -> a.hexLength == length).findFirst();
  }

  /** Returns the algorithm of a tagged line: {@code SHA256}, {@code SHA2-256}, {@code sha-256}. */
  static Optional<SumAlgorithm> ofTag(String tag) {
    String plain = tag.toUpperCase(Locale.ROOT).replace("SHA2-", "SHA").replace("-", "");
    return Arrays.stream(values()).filter(a -> a.name().equals(plain)).findFirst();
  }
}
