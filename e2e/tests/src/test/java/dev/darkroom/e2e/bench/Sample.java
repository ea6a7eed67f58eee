package dev.darkroom.e2e.bench;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one run of something cost.
 *
 * @param bytes how many it dealt with
 * @param seconds by the clock on the wall
 * @param cpuSeconds of the process that did it, where the system tells
 * @param memory the peaks of the process that did it, where that is this one
 */
record Sample(long bytes, double seconds, OptionalDouble cpuSeconds, Optional<PeakMemory> memory) {

  private static final double MIB = 1 << 20;
  private static final double GIB = 1 << 30;

  double mibPerSecond() {
    return bytes / MIB / seconds;
  }

  OptionalDouble cpuSecondsPerGib() {
    return cpuSeconds.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(cpuSeconds.getAsDouble() / (bytes / GIB));
  }
}
