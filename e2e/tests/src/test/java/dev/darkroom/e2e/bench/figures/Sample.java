package dev.darkroom.e2e.bench.figures;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The cost of one run.
 *
 * @param bytes the number of bytes processed
 * @param seconds the wall time
 * @param cpuSeconds the CPU time of the process, if known
 * @param memory the peaks of the process, if it is this process
 */
public record Sample(
    long bytes, double seconds, OptionalDouble cpuSeconds, Optional<PeakMemory> memory) {

  private static final double MIB = 1 << 20;
  private static final double GIB = 1 << 30;

  /** The throughput in MiB/s. */
  public double mibPerSecond() {
    return bytes / MIB / seconds;
  }

  OptionalDouble cpuSecondsPerGib() {
    return cpuSeconds.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(cpuSeconds.getAsDouble() / (bytes / GIB));
  }
}
