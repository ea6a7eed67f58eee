package dev.darkroom.source.fetch;

import java.time.Duration;

/**
 * Options of a fetch.
 *
 * @param connections the most connections at once, from 1 to 64
 * @param partBytes the bytes of the first request, and of each request of a parallel fetch; from 1
 *     to 2^30. A parallel fetch holds a buffer of that size for each connection
 * @param parallelFromBytes the least size for a parallel fetch
 * @param fastBytesPerSecond the speed at which one connection is enough; {@link #NEVER_ENOUGH} for
 *     a parallel fetch from the beginning
 * @param fruitlessTries the most retries in a row without a new byte, from 0 (no retry) to 100
 * @param minimumBytesPerSecond the least speed of the source; 0 for no minimum
 * @param overWindow the time over which that speed is averaged; only time spent waiting counts
 */
public record FetchOptions(
    int connections,
    long partBytes,
    long parallelFromBytes,
    long fastBytesPerSecond,
    int fruitlessTries,
    long minimumBytesPerSecond,
    Duration overWindow) {

  /** A speed that no connection reaches. */
  public static final long NEVER_ENOUGH = Long.MAX_VALUE;

  private static final int MAX_CONNECTIONS = 64;
  private static final long MAX_PART = 1L << 30;
  private static final int MAX_TRIES = 100;
  private static final long MEBIBYTE = 1L << 20;

  /** Checks the bounds. */
  public FetchOptions {
    require(connections >= 1 && connections <= MAX_CONNECTIONS, "connections: 1 to 64");
    require(partBytes >= 1 && partBytes <= MAX_PART, "partBytes: 1 to 1 GiB");
    require(parallelFromBytes >= 0, "parallelFromBytes: at least 0");
    require(fastBytesPerSecond >= 1, "fastBytesPerSecond: at least 1");
    require(fruitlessTries >= 0 && fruitlessTries <= MAX_TRIES, "fruitlessTries: 0 to 100");
    require(minimumBytesPerSecond >= 0, "minimumBytesPerSecond: at least 0");
    require(!overWindow.isNegative() && !overWindow.isZero(), "overWindow: longer than 0");
  }

  /**
   * Returns the defaults: at most 4 connections and parts of 8 MiB; parallel from 64 MiB on when
   * one connection is slower than 256 MiB/s; 3 retries without a new byte; at least 1 KiB/s over 60
   * s.
   */
  public static FetchOptions defaults() {
    return new FetchOptions(
        4, 8 * MEBIBYTE, 64 * MEBIBYTE, 256 * MEBIBYTE, 3, 1024, Duration.ofSeconds(60));
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
