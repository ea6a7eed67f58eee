package dev.darkroom.e2e.bench.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * The cost of several runs.
 *
 * @param mibPerSecond the median throughput
 * @param cpuSecondsPerGib the median CPU time, if known
 * @param memory the highest peaks, if known
 */
public record Medians(
    double mibPerSecond, OptionalDouble cpuSecondsPerGib, Optional<PeakMemory> memory) {

  private static final double MIB = 1 << 20;

  /** The medians of at least one sample. */
  public static Medians of(List<Sample> samples) {
    return new Medians(
        median(samples.stream().mapToDouble(Sample::mibPerSecond)).orElseThrow(),
        median(
            samples.stream().map(Sample::cpuSecondsPerGib).flatMapToDouble(OptionalDouble::stream)),
        samples.stream().flatMap(sample -> sample.memory().stream()).reduce(PeakMemory::highest));
  }

  /** One row per figure, throughput first. */
  public List<Row> rows(String prefix, Optional<Floor> throughputFloor, Optional<Floor> cpuFloor) {
    List<Row> rows = new ArrayList<>();
    rows.add(Row.of(prefix + "throughput", mibPerSecond, "MiB/s").withFloor(throughputFloor));
    cpuSecondsPerGib.ifPresent(
        cpu -> rows.add(Row.of(prefix + "CPU", cpu, "s/GiB").withFloor(cpuFloor)));
    memory.ifPresent(
        peak -> {
          rows.add(Row.of(prefix + "peak heap", peak.heap() / MIB, "MiB"));
          rows.add(Row.of(prefix + "peak direct memory", peak.direct() / MIB, "MiB"));
          peak.resident()
              .ifPresent(rss -> rows.add(Row.of(prefix + "peak resident size", rss / MIB, "MiB")));
        });
    return rows;
  }

  private static OptionalDouble median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    int middle = sorted.length / 2;
    if (sorted.length == 0) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
  }
}
