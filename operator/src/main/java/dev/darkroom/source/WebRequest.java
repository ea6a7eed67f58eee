package dev.darkroom.source;

import java.util.Map;

/**
 * One GET request.
 *
 * @param address that is asked
 * @param headers besides those that every request has; may hold secrets
 * @param reuse what becomes of the connection afterwards
 */
record WebRequest(WebAddress address, Map<String, String> headers, Reuse reuse) {

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
