package dev.darkroom.e2e.bench;

import dev.darkroom.e2e.bench.figures.Row;
import java.io.IOException;
import java.util.List;

/** A source of figures. */
interface Benchmark {

  /** The name of the benchmark. */
  String name();

  /**
   * Runs all measurements; prints progress to standard error.
   *
   * @param warmUp the file of unmeasured first runs
   * @param data the file of measured runs
   * @param rounds the number of rounds
   */
  List<Row> run(DataFile warmUp, DataFile data, int rounds)
      throws IOException, InterruptedException;
}
