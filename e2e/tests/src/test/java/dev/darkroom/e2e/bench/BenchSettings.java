package dev.darkroom.e2e.bench;

import java.nio.file.Path;

/**
 * What to measure, from system properties.
 *
 * @param directory where files and stores lie while it runs ({@code bench.dir}): on the disk that
 *     is to be measured
 * @param mib how much an import brings ({@code bench.mib}), in MiB
 * @param smallMib how much each of many at once brings ({@code bench.small.mib}), in MiB
 * @param hugeMib how much an import brings whose memory is measured ({@code bench.huge.mib}), in
 *     MiB; it takes no room on the disk
 * @param rounds how often everything is measured ({@code bench.rounds}); medians are reported
 * @param only what the name of a job must contain to be done ({@code bench.only}); all by default
 * @param results where the JSON goes ({@code bench.results})
 */
record BenchSettings(
    Path directory, int mib, int smallMib, int hugeMib, int rounds, String only, Path results) {

  private static final int WARM_UP_MIB = 256;

  BenchSettings {
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
   * How much is brought once before anything counts, so that the JIT compiler has done its work.
   */
  int warmUpMib() {
    return Math.min(WARM_UP_MIB, mib);
  }
}
