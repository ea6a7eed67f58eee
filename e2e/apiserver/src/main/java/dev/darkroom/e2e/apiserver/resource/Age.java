package dev.darkroom.e2e.apiserver.resource;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Spans of time as kubectl prints them (apimachinery, {@code util/duration}, HumanDuration). */
final class Age {
  private Age() {}

  static String since(String time) {
    try {
      return of(Duration.between(OffsetDateTime.parse(time).toInstant(), Instant.now()));
    } catch (DateTimeException e) {
      return "<invalid>";
    }
  }

  static String of(Duration span) {
    long seconds = span.toSeconds();
    if (seconds < -1) {
      return "<invalid>";
    }
    if (seconds < 120) {
      return Math.max(seconds, 0) + "s";
    }
    long minutes = span.toMinutes();
    if (minutes < 10) {
      return minutes + "m" + rest(seconds % 60, "s");
    }
    if (minutes < 180) {
      return minutes + "m";
    }
    long hours = span.toHours();
    if (hours < 8) {
      return hours + "h" + rest(minutes % 60, "m");
    }
    if (hours < 48) {
      return hours + "h";
    }
    long days = span.toDays();
    if (hours < 192) {
      return days + "d" + rest(hours % 24, "h");
    }
    if (days < 730) {
      return days + "d";
    }
    return days < 2920 ? days / 365 + "y" + rest(days % 365, "d") : days / 365 + "y";
  }

  private static String rest(long amount, String unit) {
    return amount == 0 ? "" : amount + unit;
  }
}
