package dev.darkroom.e2e.bench;

import dev.darkroom.source.fetch.FetchOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How many bytes have to be sent again when the process of an import is killed (SIGKILL) after nine
 * tenths of them, and another goes on with it; and how long that one takes.
 *
 * @param over what over, in words
 * @param fastBytesPerSecond how many bytes a second of one connection are enough
 * @param server that sends, and counts
 * @param directory an empty one
 */
record Resume(String over, long fastBytesPerSecond, FileServer server, Path directory)
    implements Job {

  private static final double KILLED_AT = 0.9;
  private static final int KILLED = 128 + 9;
  private static final double MIB = 1 << 20;
  private static final long MOST_MINUTES = 10;

  /** Over as many connections as the usual settings come to. */
  static Resume usual(FileServer server, Path directory) {
    return new Resume("as usual", FetchOptions.defaults().fastBytesPerSecond(), server, directory);
  }

  /** Over several connections from the beginning, however fast one is. */
  static Resume overSeveral(FileServer server, Path directory) {
    return new Resume(
        "over %d connections".formatted(FetchOptions.defaults().connections()),
        FetchOptions.NEVER_ENOUGH,
        server,
        directory);
  }

  @Override
  public String job() {
    return "resume after a kill at 90 %, " + over;
  }

  /** Once: it counts bytes. */
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
