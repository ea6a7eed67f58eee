package dev.darkroom.e2e.bench;

import dev.darkroom.e2e.bench.figures.Goal;
import dev.darkroom.e2e.bench.figures.Row;
import dev.darkroom.e2e.bench.server.FileServer;
import dev.darkroom.source.fetch.FetchOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The bytes sent again after an import is killed (SIGKILL) at 90 % and another process resumes it,
 * and the time of the second process.
 *
 * @param over the kind of connections, for the name
 * @param fastBytesPerSecond the rate at which one connection is sufficient
 * @param server the file server, which counts bytes
 * @param directory an empty directory
 */
record ResumeBenchmark(String over, long fastBytesPerSecond, FileServer server, Path directory)
    implements Benchmark {

  private static final double KILLED_AT = 0.9;
  private static final int KILLED = 128 + 9;
  private static final double MIB = 1 << 20;
  private static final long MOST_MINUTES = 10;

  /** With the default number of connections. */
  static ResumeBenchmark usual(FileServer server, Path directory) {
    return new ResumeBenchmark(
        "default connections", FetchOptions.defaults().fastBytesPerSecond(), server, directory);
  }

  /** With several connections, at any rate. */
  static ResumeBenchmark overSeveral(FileServer server, Path directory) {
    return new ResumeBenchmark(
        "%d connections".formatted(FetchOptions.defaults().connections()),
        FetchOptions.NEVER_ENOUGH,
        server,
        directory);
  }

  @Override
  public String name() {
    return "resume after a kill at 90 %, " + over;
  }

  /** Runs once: the figures are counts of bytes. */
  @Override
  public List<Row> run(DataFile warmUp, DataFile data, int rounds)
      throws IOException, InterruptedException {
    Path store = Files.createDirectory(directory.resolve("store"));
    Path staging = Files.createDirectory(directory.resolve("staging"));
    long before = server.sent();
    Process first = start(data, store, staging);
    while (first.isAlive() && server.sent() - before < KILLED_AT * data.bytes()) {
      Thread.onSpinWait();
    }
    first.destroyForcibly();
    if (first.waitFor() != KILLED) {
      throw new IOException("The import ended before it was killed: " + first.exitValue());
    }
    long begin = System.nanoTime();
    Process second = start(data, store, staging);
    if (!second.waitFor(MOST_MINUTES, TimeUnit.MINUTES) || second.exitValue() != 0) {
      second.destroyForcibly();
      throw new IOException("The second process did not resume the import.");
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    double again = (server.sent() - before - data.bytes()) / MIB;
    System.err.printf("%s: %.1f MiB sent again, %.1f s%n", name(), again, seconds);
    return List.of(
        Row.of(name() + ": sent again", again, "MiB")
            .withGoals(Goal.atMost(ResumableImport.PARTS_AT_ONCE / MIB)),
        Row.of(name() + ": time to completion, including JVM start", seconds, "s"));
  }

  private Process start(DataFile data, Path store, Path staging) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            ResumableImport.class.getName(),
            server.url(data).toString(),
            data.sha256().hex(),
            store.toString(),
            staging.toString(),
            Long.toString(fastBytesPerSecond))
        .inheritIO()
        .start();
  }
}
