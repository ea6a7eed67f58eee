package dev.darkroom.e2e.bench;

import java.nio.file.Path;

/**
 * What to measure, from system properties.
 *
 * @param directory where files and stores lie while it runs ({@code bench.dir}): on the disk that
 *     is to be measured
 * @param mib how much an import brings ({@code bench.mib}), in MiB
 * @param rounds how often everything is measured ({@code bench.rounds}); medians are reported
 * @param results where the JSON goes ({@code bench.results})
 */
record BenchSettings(Path directory, int mib, int rounds, Path results) {

  private static final int WARM_UP_MIB = 256;

  BenchSettings {
    if (mib < 1 || rounds < 1) {
      throw new IllegalArgumentException("bench.mib and bench.rounds must be positive");
    }
  }

  static BenchSettings fromSystemProperties() {
    return new BenchSettings(
        Path.of(System.getProperty("bench.dir", System.getProperty("java.io.tmpdir"))),
        Integer.getInteger("bench.mib", 2048),
        Integer.getInteger("bench.rounds", 3),
        Path.of(System.getProperty("bench.results", "target/bench/results.json")));
  }

  /**
   * How much is brought once before anything counts, so that the JIT compiler has done its work.
   */
  int warmUpMib() {
    return Math.min(WARM_UP_MIB, mib);
  }
}
