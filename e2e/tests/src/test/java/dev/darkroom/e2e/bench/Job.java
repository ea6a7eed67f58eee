package dev.darkroom.e2e.bench;

import java.io.IOException;
import java.util.List;

/** Something of which figures are wanted. */
interface Job {

  /** What it is. */
  String job();

  /**
   * Measures everything and tells how it goes on standard error.
   *
   * @param warmUp what each way to do it brings once before anything counts
   * @param data what it brings then
   * @param rounds how often
   */
  List<Row> run(DataFile warmUp, DataFile data, int rounds)
      throws IOException, InterruptedException;
}
