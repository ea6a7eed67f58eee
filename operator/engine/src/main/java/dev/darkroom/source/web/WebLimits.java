package dev.darkroom.source.web;

import java.time.Duration;

/**
 * How long a web server may take, and how far it may send us on.
 *
 * @param connect until a connection stands, TLS included, for each of a host's addresses
 * @param response from the request to the answer's head, for each redirect anew
 * @param readIdle between two reads that bring a byte
 * @param redirects how many are followed
 */
public record WebLimits(Duration connect, Duration response, Duration readIdle, int redirects) {

  /** Checks that the limits are positive. */
  public WebLimits {
    if (!isPositive(connect) || !isPositive(response) || !isPositive(readIdle) || redirects < 0) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }

  /** 10 s to connect, 30 s to answer, 60 s between bytes, 10 redirects. */
  public static WebLimits defaults() {
    return new WebLimits(
        Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60), 10);
  }

  private static boolean isPositive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }
}
