package dev.darkroom.e2e.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Runs every comparison and prints a table, after which the same rows are in the results file. What
 * goes on meanwhile is told on standard error. Ends with status 1 when something that was measured
 * did not do its work.
 */
public final class Bench {

  private Bench() {}

  /** See {@link BenchSettings} for the system properties it heeds; takes no arguments. */
  public static void main(String[] args) throws IOException, InterruptedException {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    BenchSettings settings = BenchSettings.fromSystemProperties();
    List<Row> rows = new ArrayList<>();
    try (Scratch scratch = Scratch.in(settings.directory());
        FileServer server = FileServer.start(scratch.directory("web"))) {
      DataFile warmUp = DataFile.generate(scratch.directory("web"), settings.warmUpMib());
      DataFile data = DataFile.generate(scratch.directory("web"), settings.mib());
      for (Comparison comparison : Comparisons.all(scratch, server)) {
        rows.addAll(comparison.run(warmUp, data, settings.rounds()));
      }
    }
    System.out.print(Table.of(rows));
    Row.write(rows, settings.results());
  }
}
