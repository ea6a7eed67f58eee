package dev.darkroom.source.web;

import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;

/** Maps status codes to failures of a source (RFC 9110, section 15). */
final class WebStatus {

  private static final Duration MAX_RETRY_AFTER = Duration.ofHours(1);
  private static final int MAX_REASON = 80;

  private WebStatus() {}

  /** Returns whether the answer is a redirect. */
  static boolean isRedirect(ClassicHttpResponse response) {
    return switch (response.getCode()) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  /** Returns the failure that the status means; empty for success. */
  static Optional<SourceException> refusal(WebAddress address, ClassicHttpResponse response) {
    int code = response.getCode();
    if (code == 200) {
      return Optional.empty();
    }
    Kind kind =
        switch (code) {
          case 404, 410 -> Kind.NOT_FOUND;
          case 401, 403 -> Kind.FORBIDDEN;
          // 407 means that a proxy refuses access: not a fault of the URL.
          case 407, 408, 425, 429 -> Kind.UNAVAILABLE;
          default -> code >= 500 ? Kind.UNAVAILABLE : Kind.INVALID;
        };
    String message = address + " answered " + code + reason(response);
    return Optional.of(
        kind == Kind.UNAVAILABLE
            ? new SourceException(kind, message, retryAfter(response, Instant.now()))
            : new SourceException(kind, message));
  }

  /** The server's phrase is untrusted: a message contains it only if it is short plain text. */
  private static String reason(ClassicHttpResponse response) {
    String phrase = response.getReasonPhrase();
    if (phrase == null || phrase.isBlank()) {
      return "";
    }
    String plain = phrase.replaceAll("[^\\p{Print}]", "?").strip();
    return " " + plain.substring(0, Math.min(plain.length(), MAX_REASON));
  }

  /** RFC 9110, section 10.2.3: seconds or a date; at most an hour. */
  private static Optional<Duration> retryAfter(ClassicHttpResponse response, Instant now) {
    Header header = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
    if (header == null) {
      return Optional.empty();
    }
    String value = header.getValue().strip();
    Duration wait;
    if (value.matches("\\d{1,9}")) {
      wait = Duration.ofSeconds(Long.parseLong(value));
    } else {
      Instant at = DateUtils.parseStandardDate(value);
      if (at == null) {
        return Optional.empty();
      }
      wait = Duration.between(now, at);
    }
    if (wait.isNegative()) {
      return Optional.of(Duration.ZERO);
    }
    return Optional.of(wait.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : wait);
  }
}
