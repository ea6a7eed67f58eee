package dev.darkroom.source.web;

import java.time.Duration;

/**
 * The timeouts and the redirect limit of requests.
 *
 * @param connect for a connection, TLS included, to each of a host's addresses
 * @param response from the request to the answer's head, for each redirect again
 * @param readIdle between two bytes of a body
 * @param redirects the most redirects
 */
public record WebLimits(Duration connect, Duration response, Duration readIdle, int redirects) {

  /** Checks that the limits are positive. */
  public WebLimits {
    if (!isPositive(connect) || !isPositive(response) || !isPositive(readIdle) || redirects < 0) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }

  /** Returns the defaults: 10 s to connect, 30 s to answer, 60 s between bytes, 10 redirects. */
  public static WebLimits defaults() {
    return new WebLimits(
        Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60), 10);
  }

  private static boolean isPositive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }
}
