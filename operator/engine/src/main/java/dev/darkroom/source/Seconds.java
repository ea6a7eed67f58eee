package dev.darkroom.source;

import java.math.BigDecimal;
import java.time.Duration;

/** Formats durations for messages. */
public final class Seconds {

  private Seconds() {}

  /** Returns the duration in seconds, to the millisecond: {@code 10 s} or {@code 0.3 s}. */
  public static String of(Duration duration) {
    BigDecimal seconds = BigDecimal.valueOf(duration.toMillis(), 3);
    return seconds.stripTrailingZeros().toPlainString() + " s";
  }
}
