package dev.darkroom.source.web;

import java.util.Map;
import java.util.Optional;

/**
 * One GET request.
 *
 * @param address the URL
 * @param headers in addition to those of every request; may contain secrets
 * @param authorities certificate authorities that are trusted in addition to the usual ones
 * @param reuse whether the connection is kept
 */
record WebRequest(
    WebAddress address, Map<String, String> headers, Optional<CaBundle> authorities, Reuse reuse) {

  /** The use of a connection whose answer was read to its end. */
  enum Reuse {
    /** The connection is closed. */
    NONE,
    /** The connection is kept for a while, for the next request to the same server. */
    KEEP
  }

  /** Omits the headers. */
  @Override
  public String toString() {
    return "GET " + address;
  }
}
