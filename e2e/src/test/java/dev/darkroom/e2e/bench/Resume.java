package dev.darkroom.e2e.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How many bytes have to be sent again when the process of an import is killed (SIGKILL) after nine
 * tenths of them, and another goes on with it; and how long that one takes.
 */
final class Resume implements Job {

  private static final double KILLED_AT = 0.9;
  private static final double MIB = 1 << 20;
  private static final long MOST_MINUTES = 10;

  private final FileServer server;
  private final Path store;
  private final Path staging;

  /**
   * @param store an empty directory
   * @param staging another
   */
  Resume(FileServer server, Path store, Path staging) {
    this.server = server;
    this.store = store;
    this.staging = staging;
  }

  @Override
  public String job() {
    return "resume after a kill at 90 %";
  }

  /** Once: it counts bytes. */
  @Override
  public List<Row> run(DataFile warmUp, DataFile data, int rounds)
      throws IOException, InterruptedException {
    long before = server.sent();
    Process first = start(data);
    while (server.sent() - before < KILLED_AT * data.bytes()) {
      if (!first.isAlive()) {
        throw new IOException("The import ended before it was killed: " + first.exitValue());
      }
    }
    first.destroyForcibly();
    first.waitFor();
    long begin = System.nanoTime();
    Process second = start(data);
    if (!second.waitFor(MOST_MINUTES, TimeUnit.MINUTES) || second.exitValue() != 0) {
      second.destroyForcibly();
      throw new IOException("What was killed was not gone on with.");
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    double again = (server.sent() - before - data.bytes()) / MIB;
    System.err.printf("%s: %.1f MiB sent again, %.1f s%n", job(), again, seconds);
    return List.of(
        Row.of(job() + ": sent again", again, "MiB")
            .shouldBe(Goal.atMost(ResumableImport.PARTS_AT_ONCE / MIB)),
        Row.of(job() + ": until it is stored, a new JVM included", seconds, "s"));
  }

  private Process start(DataFile data) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            ResumableImport.class.getName(),
            server.url(data).toString(),
            data.sha256().hex(),
            store.toString(),
            staging.toString())
        .inheritIO()
        .start();
  }
}
