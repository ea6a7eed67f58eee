package dev.darkroom.controller;

import java.util.Locale;

/** Numbers of bytes as people read them. */
final class Sizes {

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Sizes() {}

  /** For example {@code 512B}, {@code 1.5GiB}, {@code 20GiB}: one decimal below ten. */
  static String of(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    boolean whole = value >= 9.95 || value == Math.rint(value);
    return String.format(Locale.ROOT, whole ? "%.0f%s" : "%.1f%s", value, UNITS[unit]);
  }
}
