package dev.darkroom.source.web;

import java.util.Map;
import java.util.Optional;

/**
 * One GET request.
 *
 * @param address that is asked
 * @param headers besides those that every request has; may hold secrets
 * @param authorities that may vouch for the server besides the usual ones
 * @param reuse what becomes of the connection afterwards
 */
record WebRequest(
    WebAddress address, Map<String, String> headers, Optional<CaBundle> authorities, Reuse reuse) {

  /** What becomes of a connection whose answer was read to its end. */
  enum Reuse {
    /** It is closed. */
    NONE,
    /** It is kept for a while, for the next request to the same server. */
    KEEP
  }

  /** Never the headers. */
  @Override
  public String toString() {
    return "GET " + address;
  }
}
