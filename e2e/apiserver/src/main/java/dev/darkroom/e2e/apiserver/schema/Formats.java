package dev.darkroom.e2e.apiserver.schema;

import com.google.common.io.BaseEncoding;
import com.google.common.net.InetAddresses;
import java.net.Inet6Address;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The string formats that a Kubernetes API server checks and that the resources here might use.
 * Unknown formats are ignored, as by a real server.
 */
final class Formats {
  private static final Pattern DURATION =
      Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|µs|ms|s|m|h|d|w)");

  private Formats() {}

  static boolean matches(String format, String text) {
    return switch (format) {
      case "date-time" -> parses(() -> OffsetDateTime.parse(text));
      case "date" -> parses(() -> LocalDate.parse(text));
      case "duration" -> duration(text).isPresent();
      case "byte" -> BaseEncoding.base64().canDecode(text);
      case "uuid" -> parses(() -> UUID.fromString(text));
      case "ipv4" -> InetAddresses.isInetAddress(text) && !text.contains(":");
      case "ipv6" ->
          InetAddresses.isInetAddress(text)
              && InetAddresses.forString(text) instanceof Inet6Address;
      case "uri" -> uri(text).filter(URI::isAbsolute).isPresent();
      default -> true;
    };
  }

  /** Parses a URL by the rules of Kubernetes' CEL library: with a scheme, or an absolute path. */
  static Optional<URI> uri(String text) {
    try {
      URI uri = new URI(text);
      return uri.isAbsolute() || text.startsWith("/") ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** Parses a duration in Go's notation, such as {@code 1h30m}. */
  static Optional<Duration> duration(String text) {
    if (text.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    Matcher part = DURATION.matcher(text);
    Duration sum = Duration.ZERO;
    int end = 0;
    while (part.find() && part.start() == end) {
      double nanos = Double.parseDouble(part.group(1)) * nanosOf(part.group(2));
      sum = sum.plusNanos(Math.round(nanos));
      end = part.end();
    }
    return end > 0 && end == text.length() ? Optional.of(sum) : Optional.empty();
  }

  private static double nanosOf(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "µs" -> 1e3;
      case "ms" -> 1e6;
      case "s" -> 1e9;
      case "m" -> 60e9;
      case "h" -> 3600e9;
      case "d" -> 86400e9;
      default -> 604800e9;
    };
  }

  private static boolean parses(Runnable parse) {
    try {
      parse.run();
      return true;
    } catch (DateTimeException | IllegalArgumentException e) {
      return false;
    }
  }
}
