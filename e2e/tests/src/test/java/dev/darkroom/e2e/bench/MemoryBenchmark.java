package dev.darkroom.e2e.bench;

import dev.darkroom.e2e.bench.figures.Goal;
import dev.darkroom.e2e.bench.figures.Medians;
import dev.darkroom.e2e.bench.figures.Row;
import dev.darkroom.e2e.bench.figures.Sample;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The peak memory of parallel imports of a large disk. The disk is a sparse file of zeros: fetched
 * over HTTP, digested, inspected, and stored as holes, so that 16 disks of 4 GiB need no disk
 * space.
 *
 * @param imports the number of parallel imports
 * @param disk the disk
 * @param to the import
 */
record MemoryBenchmark(int imports, DataFile disk, TransferImport to) implements Benchmark {

  private static final double MAX_MIB = 1024;

  @Override
  public String name() {
    return "%d import%s of %s at once"
        .formatted(imports, imports == 1 ? "" : "s", size(disk.bytes()));
  }

  /** Runs once: a peak needs no median. */
  @Override
  public List<Row> run(DataFile warmUp, DataFile data, int rounds)
      throws IOException, InterruptedException {
    Sample sample = to.times(imports).measure(disk);
    System.err.printf(Locale.ROOT, "%s: %.0f MiB/s%n", name(), sample.mibPerSecond());
    List<Row> rows =
        Medians.of(List.of(sample)).rows(name() + ": ", Optional.empty(), Optional.empty());
    return rows.stream()
        .map(row -> row.name().endsWith("peak heap") ? row.withGoals(Goal.atMost(MAX_MIB)) : row)
        .toList();
  }

  private static String size(long bytes) {
    long mib = bytes >> 20;
    return mib % 1024 == 0 ? (mib >> 10) + " GiB" : mib + " MiB";
  }
}
