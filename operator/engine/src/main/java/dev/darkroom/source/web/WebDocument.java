package dev.darkroom.source.web;

import java.util.List;
import java.util.Optional;

/**
 * A small answer, read whole.
 *
 * @param authenticate what the server wants to know, where it did not let us in (401): the values
 *     of {@code WWW-Authenticate}; empty when there is a body
 * @param contentType the media type it names
 * @param digest what {@code Docker-Content-Digest} says
 * @param bytes the body; must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
public record WebDocument(
    List<String> authenticate,
    Optional<String> contentType,
    Optional<String> digest,
    byte[] bytes) {

  /** Whether the server wants to know who asks. */
  public boolean isUnauthorized() {
    return !authenticate.isEmpty();
  }
}
