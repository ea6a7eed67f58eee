package dev.darkroom.source.web;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * Extracts what identifies a version of the bytes: a strong entity tag, in its quotes; else the
 * date of the last modification as written, if it is strong. {@code If-Range} takes both (RFC 9110,
 * sections 8.8 and 13.1.5).
 */
final class WebValidator {

  /**
   * A date is strong only when it is at least a second old: bytes may change twice in a second (RFC
   * 9110, section 8.8.2.2).
   */
  private static final Duration SETTLED = Duration.ofSeconds(1);

  private WebValidator() {}

  /** Returns the validator of an answer, if it has a strong one. */
  static Optional<String> of(ClassicHttpResponse response) {
    return entityTag(response).or(() -> strongDate(response));
  }

  /** Returns the value of an answer that corresponds to an earlier validator. */
  static Optional<String> sameKind(String validator, ClassicHttpResponse response) {
    return isEntityTag(validator)
        ? entityTag(response)
        : value(response, HttpHeaders.LAST_MODIFIED);
  }

  private static boolean isEntityTag(String validator) {
    return validator.startsWith("\"");
  }

  private static Optional<String> entityTag(ClassicHttpResponse response) {
    return value(response, HttpHeaders.ETAG)
        .filter(etag -> etag.matches("\"[\\x21\\x23-\\x7e\\x80-\\xff]*\""));
  }

  private static Optional<String> strongDate(ClassicHttpResponse response) {
    Optional<Instant> modified =
        value(response, HttpHeaders.LAST_MODIFIED).map(DateUtils::parseStandardDate);
    Optional<Instant> now = value(response, HttpHeaders.DATE).map(DateUtils::parseStandardDate);
    boolean strong =
        modified.isPresent() && now.isPresent() && !modified.get().plus(SETTLED).isAfter(now.get());
    return value(response, HttpHeaders.LAST_MODIFIED).filter(date -> strong);
  }

  private static Optional<String> value(ClassicHttpResponse response, String header) {
    return Optional.ofNullable(response.getFirstHeader(header)).map(h -> h.getValue().strip());
  }
}
