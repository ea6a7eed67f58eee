package dev.darkroom.e2e.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * Runs everything and prints a table, after which the same rows are in the results file, and those
 * that the README shows beside it. What goes on meanwhile is told on standard error. Ends with
 * status 1 when something that was measured did not do its work.
 */
public final class Bench {

  private final BenchSettings settings;
  private final List<Row> rows = new ArrayList<>();

  private Bench(BenchSettings settings) {
    this.settings = settings;
  }

  /** See {@link BenchSettings} for the system properties it heeds; takes no arguments. */
  public static void main(String[] args) throws IOException, InterruptedException {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    new Bench(BenchSettings.fromSystemProperties()).run();
  }

  private void run() throws IOException, InterruptedException {
    Optional<HostShare> before = HostShare.now();
    try (Scratch scratch = Scratch.in(settings.directory());
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
    HostShare.percentSince(before)
        .ifPresent(share -> rows.add(Row.of("CPU time that the host took meanwhile", share, "%")));
    rows.addAll(Quoted.all());
    System.out.print(Table.of(rows));
    Row.write(rows, settings.results());
    System.out.println();
    System.out.print(ReadmeTable.write(rows, settings));
  }

  private void run(List<Job> jobs, DataFile warmUp, DataFile data)
      throws IOException, InterruptedException {
    for (Job job : jobs) {
      if (job.job().contains(settings.only())) {
        rows.addAll(job.run(warmUp, data, settings.rounds()));
      }
    }
  }
}
