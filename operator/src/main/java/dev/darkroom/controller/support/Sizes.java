package dev.darkroom.controller.support;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Formats sizes for messages, and parses quantities. */
public final class Sizes {

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  /** From this value on, a number without decimals would be written as 1024. */
  private static final double NEXT_UNIT = 1023.5;

  private Sizes() {}

  /** For example {@code 512B}, {@code 1.5GiB}, {@code 20GiB}: one decimal below ten. */
  public static String of(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= NEXT_UNIT && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    boolean whole = value >= 9.95 || value == Math.rint(value);
    return String.format(Locale.ROOT, whole ? "%.0f%s" : "%.1f%s", value, UNITS[unit]);
  }

  /** The bytes of a quantity, rounded down, at most {@link Long#MAX_VALUE}. */
  public static long of(Quantity quantity) {
    return quantity
        .getNumericalAmount()
        .min(BigDecimal.valueOf(Long.MAX_VALUE))
        .setScale(0, RoundingMode.DOWN)
        .longValueExact();
  }
}
