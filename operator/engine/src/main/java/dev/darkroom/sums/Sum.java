package dev.darkroom.sums;

import java.util.Locale;
import java.util.Optional;

/**
 * A digest that a publisher names.
 *
 * @param algorithm how it was made
 * @param hex lower-case hexadecimal, of the algorithm's length
 */
public record Sum(SumAlgorithm algorithm, String hex) {

  /** The digest written so, if it is one of that algorithm. */
  static Optional<Sum> of(SumAlgorithm algorithm, String hex) {
    return SumAlgorithm.ofHexLength(hex.length())
        .filter(algorithm::equals)
        .map(found -> new Sum(found, hex.toLowerCase(Locale.ROOT)));
  }

  /** As the API writes checksums: {@code sha256:…}. */
  @Override
  public String toString() {
    return algorithm.apiName() + ":" + hex;
  }
}
