package dev.darkroom.e2e.bench;

import java.util.Locale;

/**
 * What a figure should be.
 *
 * @param kind whether it is a least or a most, of the value or of its ratio to the floor
 * @param bound the limit
 */
record Goal(Kind kind, double bound) {

  /** What is compared, and how. */
  enum Kind {
    VALUE_AT_LEAST("≥"),
    VALUE_AT_MOST("≤"),
    RATIO_AT_LEAST("ratio ≥");

    private final String sign;

    Kind(String sign) {
      this.sign = sign;
    }
  }

  static Goal atLeast(double value) {
    return new Goal(Kind.VALUE_AT_LEAST, value);
  }

  static Goal atMost(double value) {
    return new Goal(Kind.VALUE_AT_MOST, value);
  }

  static Goal ratioAtLeast(double ratio) {
    return new Goal(Kind.RATIO_AT_LEAST, ratio);
  }

  /** Whether the figure is so. */
  boolean isMetBy(Row row) {
    return switch (kind) {
      case VALUE_AT_LEAST -> row.value() >= bound;
      case VALUE_AT_MOST -> row.value() <= bound;
      case RATIO_AT_LEAST -> row.ratio().orElse(0) >= bound;
    };
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, bound < 10 ? "%s %.1f" : "%s %.0f", kind.sign, bound);
  }
}
