package dev.darkroom.codec;

import java.time.Duration;

/**
 * The limits of one decompression. They stop a small file that would fill a disk or occupy a
 * processor for ever.
 *
 * @param expandedBytes maximum number of expanded bytes; at least 1
 * @param ratio maximum number of expanded bytes for each compressed byte; at least 1
 * @param graceBytes number of expanded bytes from which the ratio is checked: the start of a disk
 *     is often empty
 * @param memoryBytes maximum size of the dictionary or window that a stream requires; at least 1
 *     MiB. The dictionary of xz is on the heap. The window of zstd is in native memory; its limit
 *     is rounded down to a power of two.
 * @param decodingTime maximum duration of the decoding itself; the time of waiting for the source
 *     does not count, because the source has its own limits
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
   * Returns the default limits: 16 TiB; 500:1 after 64 MiB; 130 MiB of memory; six hours of
   * decoding. A mostly empty disk of an operating system compresses to 100:1 or less; zeros alone
   * compress to 1000:1 with gzip, and far more with the other codecs. The highest presets need 65
   * MiB (xz) and 128 MiB (zstd).
   */
  public static DecodeLimits defaults() {
    return new DecodeLimits(16L << 40, 500, 64 * MIB, 130 * MIB, Duration.ofHours(6));
  }
}
