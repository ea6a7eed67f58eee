package dev.darkroom.e2e.bench.figures;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * The peak memory of this process since {@link #reset}.
 *
 * @param heap bytes of the Java heap, garbage included: the sum of the peaks of its pools, an upper
 *     bound of the true peak
 * @param direct bytes of direct buffers now; the pool of the transfers never shrinks, so that this
 *     is its peak
 * @param resident bytes of physical memory, on Linux (proc(5), {@code VmHWM})
 */
record PeakMemory(long heap, long direct, OptionalLong resident) {

  private static final Path CLEAR_REFS = Path.of("/proc/self/clear_refs");
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT_PEAK = "VmHWM:";

  /** Resets the peaks, as far as the system permits. */
  static void reset() {
    System.gc();
    heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    try {
      // proc(5): 5 resets the peak resident size to the current size.
      Files.writeString(CLEAR_REFS, "5");
    } catch (IOException e) {
      System.err.println("The peak resident size includes earlier rounds: " + e);
    }
  }

  static PeakMemory read() {
    long heap = heapPools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return new PeakMemory(heap, direct, residentPeak());
  }

  /** The maximum of each value. */
  PeakMemory highest(PeakMemory other) {
    return new PeakMemory(
        Math.max(heap, other.heap),
        Math.max(direct, other.direct),
        LongStream.concat(resident.stream(), other.resident.stream()).max());
  }

  private static List<MemoryPoolMXBean> heapPools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  private static OptionalLong residentPeak() {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(RESIDENT_PEAK))
          .map(line -> line.substring(RESIDENT_PEAK.length()).replace("kB", "").strip())
          .mapToLong(kib -> Long.parseLong(kib) << 10)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
