package dev.darkroom.convert;

import dev.darkroom.convert.ConvertException.Kind;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;

/**
 * A child process within limits. A POSIX shell sets the limits ({@code ulimit}: every system has
 * it), runs the program with its standard input closed, and reads its own standard input, a pipe to
 * which no process writes. The pipe ends when this Java process ends; the shell then kills the
 * program.
 */
final class LimitedProcess {

  static final String SCRIPT =
      """
      ulimit -c 0 && ulimit -t "$1" && ulimit -v "$2" && ulimit -f "$3" || exit 125
      shift 3
      exec 3<&0
      nice -n 10 "$@" </dev/null 3<&- &
      program=$!
      { read -r nothing <&3; kill -KILL "$program"; } >/dev/null 2>&1 &
      watch=$!
      wait "$program"
      status=$?
      kill -KILL "$watch"
      exit "$status"
      """;

  private static final int LIMITS_NOT_SET = 125;
  private static final int SIGNALLED = 128;
  private static final int KILL = 9;
  private static final int CPU_TIME = 24;
  private static final int FILE_SIZE = 25;
  private static final Duration PROBE_TIME = Duration.ofSeconds(10);

  private final Process process;
  private final ProcessOutput output;
  private final Thread reader;
  private final ConvertLimits limits;

  private LimitedProcess(
      Process process, ProcessOutput output, Thread reader, ConvertLimits limits) {
    this.process = process;
    this.output = output;
    this.reader = reader;
    this.limits = limits;
  }

  static LimitedProcess start(
      List<String> command,
      ConvertLimits limits,
      long outputBytes,
      Path directory,
      DoubleConsumer progress)
      throws IOException {
    List<String> limited =
        new ArrayList<>(
            List.of(
                "/bin/sh",
                "-c",
                SCRIPT,
                "sh",
                Long.toString(limits.cpuTime().toSeconds()),
                Long.toString(limits.memoryBytes() >> 10),
                Long.toString((outputBytes + 511) >> 9)));
    limited.addAll(command);
    Process process = builder(limited).directory(directory.toFile()).start();
    ProcessOutput output = new ProcessOutput(process.getInputStream(), progress);
    Thread reader = new Thread(output, "qemu-img " + process.pid());
    reader.setDaemon(true);
    reader.start();
    return new LimitedProcess(process, output, reader, limits);
  }

  /** Whether the command succeeds within ten seconds. */
  static boolean succeeds(List<String> command) throws InterruptedException {
    try {
      Process process =
          builder(command)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        return process.waitFor(PROBE_TIME.toSeconds(), TimeUnit.SECONDS)
            && process.exitValue() == 0;
      } finally {
        kill(process);
      }
    } catch (IOException e) {
      return false;
    }
  }

  private static ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    String path = builder.environment().getOrDefault("PATH", "/usr/bin:/bin");
    builder.environment().clear();
    builder.environment().put("PATH", path);
    builder.environment().put("LC_ALL", "C");
    return builder;
  }

  /**
   * Waits for the end of the process.
   *
   * @throws ConvertException when the process failed or exceeded a limit
   * @throws InterruptedException when interrupted; the process and its descendants are gone then
   */
  void requireSuccess() throws ConvertException, InterruptedException {
    boolean ended;
    try {
      ended = process.waitFor(limits.wallTime().toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      kill(process);
    }
    if (!ended) {
      throw new ConvertException(
          Kind.LIMIT,
          "The conversion took longer than the %d s allowed."
              .formatted(limits.wallTime().toSeconds()));
    }
    reader.join();
    if (process.exitValue() != 0) {
      throw explain(process.exitValue());
    }
  }

  private ConvertException explain(int status) {
    String said = output.said();
    if (status == LIMITS_NOT_SET) {
      return new ConvertException(
          Kind.FAILED, "The limits for a conversion could not be set, so it was not started.");
    }
    if (status == SIGNALLED + CPU_TIME || status == SIGNALLED + KILL) {
      return new ConvertException(
          Kind.LIMIT,
          "The conversion was stopped for taking more than the %d s of processor time or the"
                  .formatted(limits.cpuTime().toSeconds())
              + " memory allowed.");
    }
    if (status == SIGNALLED + FILE_SIZE || said.contains("File too large")) {
      return new ConvertException(
          Kind.TOO_LARGE, "The converted image would be larger than its disk may be.");
    }
    if (said.contains("Cannot allocate memory")) {
      return new ConvertException(
          Kind.LIMIT,
          "The conversion needs more than the %d bytes of memory allowed."
              .formatted(limits.memoryBytes()));
    }
    if (said.contains("No space left on device")) {
      return new ConvertException(
          Kind.FULL, "There is no room in the staging directory for the converted image.");
    }
    return new ConvertException(
        Kind.FAILED,
        said.isEmpty()
            ? "qemu-img ended with status %d and gave no reason.".formatted(status)
            : "qemu-img could not convert the image: %s.".formatted(said));
  }

  /** Kills the process and its descendants, if they still run. */
  private static void kill(Process process) {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // The other end is closed already.
    }
  }
}
