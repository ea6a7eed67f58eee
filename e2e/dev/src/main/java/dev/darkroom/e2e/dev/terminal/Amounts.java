package dev.darkroom.e2e.dev.terminal;

import java.time.Duration;
import java.util.Locale;

/** Bytes and durations for display. */
public final class Amounts {

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Amounts() {}

  /** For example {@code 48.4 MiB}; one decimal below 100. */
  public static String bytes(long bytes) {
    int unit = unitOf(bytes);
    return number(bytes, unit) + " " + UNITS[unit];
  }

  /** For example {@code 12.0/48.4 MiB}: both in the unit of the second. */
  public static String bytesOf(long bytes, long total) {
    int unit = unitOf(total);
    return number(bytes, unit) + "/" + number(total, unit) + " " + UNITS[unit];
  }

  /** For example {@code 42 s}, {@code 3:20 min} or {@code 1:03:20 h}; {@code 2.4 s} below 10. */
  public static String time(Duration time) {
    long seconds = time.toSeconds();
    if (seconds < 10 && time.toMillisPart() != 0) {
      return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return String.format(Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60);
    }
    return String.format(
        Locale.ROOT, "%d:%02d:%02d h", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  private static int unitOf(long bytes) {
    int unit = 0;
    for (long rest = bytes; rest >= 1024; rest /= 1024) {
      unit++;
    }
    return unit;
  }

  private static String number(long bytes, int unit) {
    double value = bytes / Math.pow(1024, unit);
    return String.format(Locale.ROOT, unit == 0 || value >= 99.95 ? "%.0f" : "%.1f", value);
  }
}
