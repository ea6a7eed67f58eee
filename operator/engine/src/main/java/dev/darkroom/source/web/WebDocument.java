package dev.darkroom.source.web;

import java.util.List;
import java.util.Optional;

/**
 * A small document, read whole.
 *
 * @param authenticate the values of {@code WWW-Authenticate} of a 401 answer; empty when there is a
 *     body
 * @param contentType the media type
 * @param digest the value of {@code Docker-Content-Digest}
 * @param bytes the body; must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Documents are not compared.
public record WebDocument(
    List<String> authenticate,
    Optional<String> contentType,
    Optional<String> digest,
    byte[] bytes) {

  /** Returns whether the server requires authentication. */
  public boolean isUnauthorized() {
    return !authenticate.isEmpty();
  }
}
