package dev.darkroom.e2e.dev;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The program in a child process, on free ports, with its output in files. */
final class DevProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Process process;
  private final Path out;
  private final Path err;

  /**
   * The result of a run.
   *
   * @param exitCode the exit code
   * @param out the lines of standard output
   * @param err the lines of standard error
   */
  record Result(int exitCode, List<String> out, List<String> err) {

    String text() {
      return String.join("\n", out);
    }
  }

  private DevProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * Starts the program in {@code scratch}; its default working directory is {@code scratch/work}.
   */
  static DevProcess start(Path scratch, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", absoluteClassPath()));
    command.add(DarkroomDev.class.getName());
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(scratch, "out", ".txt");
    Path err = Files.createTempFile(scratch, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(scratch.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("JAVA_TOOL_OPTIONS"));
    builder
        .environment()
        .putAll(
            Map.of(
                "DARKROOM_DEV_DIR", "work",
                "DARKROOM_DEV_PORT", "0",
                "DARKROOM_DEV_WEB_PORT", "0"));
    return new DevProcess(builder.start(), out, err);
  }

  /** Runs the program to its end. */
  static Result run(Path scratch, String... arguments) throws IOException, InterruptedException {
    try (DevProcess process = start(scratch, arguments)) {
      return process.result();
    }
  }

  /** The class path of the jar, without test classes and their logging configuration. */
  private static String absoluteClassPath() {
    return String.join(
        File.pathSeparator,
        List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
            .filter(entry -> !entry.matches(".*(test-classes|-tests\\.jar).*"))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }

  /** Waits for a line on standard output. */
  void awaitLine(String containing) {
    await(containing)
        .atMost(PATIENCE)
        .failFast("it ended: " + out, () -> !process.isAlive())
        .until(() -> lines(out).stream().anyMatch(line -> line.contains(containing)));
  }

  /** Sends SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** Waits for the end. */
  Result result() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end: " + lines(out) + lines(err));
    }
    return new Result(process.exitValue(), lines(out), lines(err));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
