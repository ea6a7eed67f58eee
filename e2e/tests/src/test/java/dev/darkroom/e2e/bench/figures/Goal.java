package dev.darkroom.e2e.bench.figures;

import java.util.Locale;

/**
 * The goal of a figure.
 *
 * @param kind a minimum or maximum of the value, or a minimum of its ratio to the floor
 * @param bound the limit
 */
public record Goal(Kind kind, double bound) {

  /** The kind of goal. */
  enum Kind {
    VALUE_AT_LEAST("≥"),
    VALUE_AT_MOST("≤"),
    RATIO_AT_LEAST("ratio ≥");

    private final String sign;

    Kind(String sign) {
      this.sign = sign;
    }
  }

  /** A minimum of the value. */
  public static Goal atLeast(double value) {
    return new Goal(Kind.VALUE_AT_LEAST, value);
  }

  /** A maximum of the value. */
  public static Goal atMost(double value) {
    return new Goal(Kind.VALUE_AT_MOST, value);
  }

  /** A minimum of the ratio to the floor. */
  public static Goal ratioAtLeast(double ratio) {
    return new Goal(Kind.RATIO_AT_LEAST, ratio);
  }

  /** Whether the figure meets the goal. */
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
