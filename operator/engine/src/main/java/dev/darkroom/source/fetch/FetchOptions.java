package dev.darkroom.source.fetch;

import java.time.Duration;

/**
 * How bytes are fetched.
 *
 * @param connections how many there are at once at most, from 1 to 64
 * @param partBytes how many bytes one request asks for where several connections are used, and the
 *     first one always; from 1 to 2^30. A buffer of that size is held for each connection
 * @param parallelFromBytes the fewest bytes for which several connections are worth it
 * @param fastBytesPerSecond one connection that is as fast as this is enough; {@link #NEVER_ENOUGH}
 *     to have several from the beginning
 * @param fruitlessTries how often in a row a connection that broke is replaced by another without a
 *     single new byte, from 0 (never) to 100
 * @param minimumBytesPerSecond the fewest that must come while we wait for the source; 0 for any
 * @param overWindow the time for which that is averaged; only time that was spent waiting counts
 */
public record FetchOptions(
    int connections,
    long partBytes,
    long parallelFromBytes,
    long fastBytesPerSecond,
    int fruitlessTries,
    long minimumBytesPerSecond,
    Duration overWindow) {

  /** No connection is ever as fast. */
  public static final long NEVER_ENOUGH = Long.MAX_VALUE;

  private static final int MAX_CONNECTIONS = 64;
  private static final long MAX_PART = 1L << 30;
  private static final int MAX_TRIES = 100;
  private static final long MEBIBYTE = 1L << 20;

  /** Checks the bounds. */
  public FetchOptions {
    require(connections >= 1 && connections <= MAX_CONNECTIONS, "connections: 1 to 64");
    require(partBytes >= 1 && partBytes <= MAX_PART, "bytes of a part: 1 to 1 GiB");
    require(parallelFromBytes >= 0, "bytes from which on it is parallel: from 0");
    require(fastBytesPerSecond >= 1, "bytes per second that are enough: from 1");
    require(fruitlessTries >= 0 && fruitlessTries <= MAX_TRIES, "fruitless tries: 0 to 100");
    require(minimumBytesPerSecond >= 0, "bytes per second: from 0");
    require(!overWindow.isNegative() && !overWindow.isZero(), "window: longer than nothing");
  }

  /**
   * 4 connections for parts of 8 MiB where there are 64 MiB or more and one does not bring 256
   * MiB/s, 3 fruitless tries, 1 KiB/s over 60 s.
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
