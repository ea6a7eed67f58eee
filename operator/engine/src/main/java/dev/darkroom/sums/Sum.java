package dev.darkroom.sums;

import java.util.Locale;
import java.util.Optional;

/**
 * A digest from a publisher.
 *
 * @param algorithm the digest algorithm
 * @param hex the value in lower-case hexadecimal, of the algorithm's length
 */
public record Sum(SumAlgorithm algorithm, String hex) {

  /** Parses a digest of that algorithm; empty for other text. */
  static Optional<Sum> of(SumAlgorithm algorithm, String hex) {
    return SumAlgorithm.ofHexLength(hex.length())
        .filter(algorithm::equals)
        .map(found -> new Sum(found, hex.toLowerCase(Locale.ROOT)));
  }

  /** Returns the form of the API: {@code sha256:…}. */
  @Override
  public String toString() {
    return algorithm.apiName() + ":" + hex;
  }
}
