package dev.darkroom.e2e.bench;

import java.nio.file.Path;

/**
 * The settings of a run, from system properties.
 *
 * @param directory the directory of files and stores during the run ({@code bench.dir}), on the
 *     disk to measure
 * @param mib the size of an import ({@code bench.mib}), in MiB
 * @param smallMib the size of each parallel import ({@code bench.small.mib}), in MiB
 * @param hugeMib the size of an import in memory benchmarks ({@code bench.huge.mib}), in MiB; takes
 *     no disk space
 * @param rounds the number of measurements of each figure ({@code bench.rounds}); medians are
 *     reported
 * @param only a part of the names of the benchmarks to run ({@code bench.only}); all by default
 * @param results the JSON file for the rows ({@code bench.results})
 */
public record BenchSettings(
    Path directory, int mib, int smallMib, int hugeMib, int rounds, String only, Path results) {

  private static final int WARM_UP_MIB = 256;

  public BenchSettings {
    if (mib < 1 || smallMib < 1 || hugeMib < 1 || rounds < 1) {
      throw new IllegalArgumentException("sizes and rounds of a benchmark must be positive");
    }
  }

  static BenchSettings fromSystemProperties() {
    return new BenchSettings(
        Path.of(System.getProperty("bench.dir", System.getProperty("java.io.tmpdir"))),
        Integer.getInteger("bench.mib", 2048),
        Integer.getInteger("bench.small.mib", 64),
        Integer.getInteger("bench.huge.mib", 4096),
        Integer.getInteger("bench.rounds", 3),
        System.getProperty("bench.only", ""),
        Path.of(System.getProperty("bench.results", "target/bench/results.json")));
  }

  /**
   * The size of a first import that is not measured, so that the JIT compiler has compiled the
   * code.
   */
  int warmUpMib() {
    return Math.min(WARM_UP_MIB, mib);
  }
}
