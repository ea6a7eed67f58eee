package dev.darkroom.codec;

import java.time.Duration;

/**
 * What one decompression may cost, so that a small file can't fill a disk or hold a processor for
 * ever.
 *
 * @param expandedBytes how many bytes may come out; at least 1
 * @param ratio how many bytes may come out for each that went in; at least 1
 * @param graceBytes how many may come out before the ratio is looked at: the start of a disk is
 *     often empty
 * @param memoryBytes how much a stream may make its decoder hold as dictionary or window; at least
 *     1 MiB. That of xz is on the heap, that of zstd beside it and rounded down to a power of two.
 * @param decodingTime how long decoding itself may take; time spent waiting for the source, which
 *     has limits of its own, does not count
 */
public record DecodeLimits(
    long expandedBytes, long ratio, long graceBytes, long memoryBytes, Duration decodingTime) {

  private static final long MIB = 1L << 20;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException for a number out of its range
   */
  public DecodeLimits {
    if (expandedBytes < 1
        || ratio < 1
        || graceBytes < 0
        || memoryBytes < MIB
        || decodingTime.isNegative()
        || decodingTime.isZero()) {
      throw new IllegalArgumentException("the limits of a decompression must be positive");
    }
  }

  /**
   * 16 TiB; 500:1 after 64 MiB (an operating system's disk that is mostly empty compresses to 100:1
   * or less, zeros alone to 1000:1 with gzip and far more with the others); 130 MiB of memory,
   * which is what the highest presets of xz (65 MiB) and zstd (128 MiB) need; six hours of
   * decoding.
   */
  public static DecodeLimits defaults() {
    return new DecodeLimits(16L << 40, 500, 64 * MIB, 130 * MIB, Duration.ofHours(6));
  }
}
