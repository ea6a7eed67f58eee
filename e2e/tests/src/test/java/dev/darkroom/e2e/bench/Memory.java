package dev.darkroom.e2e.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How much memory so many imports of so large a disk take at once. The disks are zeros, in sparse
 * files: they come by HTTP like all others, are digested, inspected and written by the real store,
 * which keeps zeros as holes, so that 16 disks of 4 GiB fit anywhere.
 *
 * @param imports how many at once
 * @param disk the disk
 * @param to what brings them
 */
record Memory(int imports, DataFile disk, TransferImport to) implements Job {

  private static final double MOST_MIB = 1024;

  @Override
  public String job() {
    return "%d import%s of %s at once"
        .formatted(imports, imports == 1 ? "" : "s", size(disk.bytes()));
  }

  /** Once: a peak needs no median, and it takes its time. */
  @Override
  public List<Row> run(DataFile warmUp, DataFile data, int rounds)
      throws IOException, InterruptedException {
    Sample sample = to.times(imports).measure(disk);
    System.err.printf(Locale.ROOT, "%s: %.0f MiB/s%n", job(), sample.mibPerSecond());
    List<Row> rows =
        Medians.of(List.of(sample)).rows(job() + ": ", Optional.empty(), Optional.empty());
    return rows.stream()
        .map(row -> row.name().endsWith("peak heap") ? row.shouldBe(Goal.atMost(MOST_MIB)) : row)
        .toList();
  }

  private static String size(long bytes) {
    long mib = bytes >> 20;
    return mib % 1024 == 0 ? (mib >> 10) + " GiB" : mib + " MiB";
  }
}
