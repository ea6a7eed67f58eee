package dev.darkroom.convert;

import dev.darkroom.convert.ConvertException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;

/**
 * A child process within limits. A POSIX shell sets them ({@code ulimit}: every system has it),
 * runs the program with its standard input closed, and watches its own standard input, which nobody
 * ever writes to: that it ends means that this process is gone, and the program goes, too.
 */
final class Child {

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
  private final ChildOutput output;
  private final Thread reader;
  private final ConvertLimits limits;

  private Child(Process process, ChildOutput output, Thread reader, ConvertLimits limits) {
    this.process = process;
    this.output = output;
    this.reader = reader;
    this.limits = limits;
  }

  static Child start(
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
    ChildOutput output = new ChildOutput(process.getInputStream(), progress);
    Thread reader = new Thread(output, "qemu-img " + process.pid());
    reader.setDaemon(true);
    reader.start();
    return new Child(process, output, reader, limits);
  }

  /** Whether the command ends well, and soon. */
  static boolean succeeds(List<String> command) throws InterruptedException {
    try {
      Process process = builder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
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
   * Waits for the end.
   *
   * @throws ConvertException when it was not a good one
   * @throws InterruptedException when interrupted; the process and all it started are gone then
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
          Kind.FAILED, "The limits for a conversion could not be set; it was not begun.");
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
            ? "qemu-img ended with status %d and did not say why.".formatted(status)
            : "qemu-img could not convert the image: %s.".formatted(said));
  }

  /** With all that it started, whether it is still there or not. */
  private static void kill(Process process) {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // Its other end is gone.
    }
  }
}
