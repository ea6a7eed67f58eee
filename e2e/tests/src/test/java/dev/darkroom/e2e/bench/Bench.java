package dev.darkroom.e2e.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.darkroom.e2e.bench.figures.FigureTable;
import dev.darkroom.e2e.bench.figures.PublishedFigures;
import dev.darkroom.e2e.bench.figures.ReadmeTable;
import dev.darkroom.e2e.bench.figures.Row;
import dev.darkroom.e2e.bench.figures.StealTime;
import dev.darkroom.e2e.bench.server.FileServer;
import dev.darkroom.e2e.bench.server.S3Bucket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * Runs all benchmarks, prints a table and a README table, and writes the rows to the results file.
 * Progress goes to standard error. Exits with status 1 if a measured import fails.
 */
public final class Bench {

  private final BenchSettings settings;
  private final List<Row> rows = new ArrayList<>();

  private Bench(BenchSettings settings) {
    this.settings = settings;
  }

  /** Takes no arguments; reads the system properties of {@link BenchSettings}. */
  public static void main(String[] args) throws IOException, InterruptedException {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    new Bench(BenchSettings.fromSystemProperties()).run();
  }

  private void run() throws IOException, InterruptedException {
    Optional<StealTime> before = StealTime.now();
    try (ScratchDirectory scratch = ScratchDirectory.in(settings.directory());
        FileServer server = FileServer.start(scratch.directory("web"));
        S3Bucket bucket = S3Bucket.start(scratch.directory("s3"))) {
      Path web = scratch.directory("web");
      Comparisons all = new Comparisons(scratch, server, bucket);
      DataFile warmUp = DataFile.generate(web, settings.warmUpMib());
      DataFile large = DataFile.generate(web, settings.mib());
      run(all.large(), warmUp, large);
      DataFile small = DataFile.generate(web, settings.smallMib());
      run(all.small(), small, small);
      DataFile disk = DataFile.sparse(web, settings.hugeMib());
      run(all.huge(disk), small, disk);
    }
    StealTime.percentSince(before)
        .ifPresent(share -> rows.add(Row.of("CPU steal time", share, "%")));
    rows.addAll(PublishedFigures.all());
    System.out.print(FigureTable.of(rows));
    Row.write(rows, settings.results());
    System.out.println();
    System.out.print(ReadmeTable.write(rows, settings));
  }

  private void run(List<Benchmark> benchmarks, DataFile warmUp, DataFile data)
      throws IOException, InterruptedException {
    for (Benchmark benchmark : benchmarks) {
      if (benchmark.name().contains(settings.only())) {
        rows.addAll(benchmark.run(warmUp, data, settings.rounds()));
      }
    }
  }
}
