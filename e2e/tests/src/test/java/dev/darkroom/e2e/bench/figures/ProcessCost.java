package dev.darkroom.e2e.bench.figures;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.OptionalDouble;

/** The cost of work in this process, on all threads. */
public final class ProcessCost {

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final long startCpu;
  private final long start;

  private ProcessCost() {
    PeakMemory.reset();
    startCpu = system.getProcessCpuTime();
    start = System.nanoTime();
  }

  /** Starts the measurement. */
  public static ProcessCost begin() {
    return new ProcessCost();
  }

  /** Ends the measurement of work on this number of bytes. */
  public Sample end(long bytes) {
    long nanos = System.nanoTime() - start;
    long cpuNanos = system.getProcessCpuTime() - startCpu;
    return new Sample(
        bytes, nanos / 1e9, OptionalDouble.of(cpuNanos / 1e9), Optional.of(PeakMemory.read()));
  }
}
