package dev.darkroom.e2e.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.OptionalDouble;

/** What something costs that this process does itself, on whatever threads. */
final class OwnCost {

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final long startCpu;
  private final long start;

  private OwnCost() {
    PeakMemory.reset();
    startCpu = system.getProcessCpuTime();
    start = System.nanoTime();
  }

  /** It begins now. */
  static OwnCost begin() {
    return new OwnCost();
  }

  /** It is done, and it was about so many bytes. */
  Sample end(long bytes) {
    long nanos = System.nanoTime() - start;
    long cpuNanos = system.getProcessCpuTime() - startCpu;
    return new Sample(
        bytes, nanos / 1e9, OptionalDouble.of(cpuNanos / 1e9), Optional.of(PeakMemory.read()));
  }
}
