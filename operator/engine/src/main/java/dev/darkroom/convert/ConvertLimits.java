package dev.darkroom.convert;

import java.time.Duration;

/**
 * The limits of one conversion. The kernel enforces the first three.
 *
 * @param cpuTime of all its threads together, in whole seconds; at least one
 * @param memoryBytes address space; qemu-img needs some hundred MiB, most of it never touched
 * @param outputBytes of the converted file; an image whose disk is larger is refused at once
 * @param wallTime after which the process is killed
 */
public record ConvertLimits(
    Duration cpuTime, long memoryBytes, long outputBytes, Duration wallTime) {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException for a number out of its range
   */
  public ConvertLimits {
    if (cpuTime.toSeconds() < 1
        || memoryBytes < 1 << 20
        || outputBytes < 1
        || wallTime.isNegative()
        || wallTime.isZero()) {
      throw new IllegalArgumentException("limits of a conversion must be positive");
    }
  }

  /** Two hours of processor time, 2 GiB of address space, 16 TiB of output, six hours in all. */
  public static ConvertLimits defaults() {
    return new ConvertLimits(Duration.ofHours(2), 2L << 30, 16L << 40, Duration.ofHours(6));
  }
}
