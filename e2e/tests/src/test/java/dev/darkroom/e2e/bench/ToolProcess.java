package dev.darkroom.e2e.bench;

import dev.darkroom.e2e.bench.figures.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Runs programs of the system as child processes. */
final class ToolProcess {

  private static final Path STAT = Path.of("/proc/self/stat");

  /** proc(5): cutime and cstime are fields 16 and 17; state, after the name, is field 3. */
  private static final int CHILDREN_USER = 16 - 3;

  private static final int CHILDREN_SYSTEM = 17 - 3;

  /** The unit of these fields in user space on Linux, on every architecture with Java. */
  private static final double TICKS_PER_SECOND = 100;

  private ToolProcess() {}

  /** The reason why the program cannot run; empty if it can. */
  static Optional<String> missing(String program) {
    try {
      Process process = quiet(List.of(program, "--version")).start();
      process.getOutputStream().close();
      process.waitFor();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(program + " is not installed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(program + ": interrupted");
    }
  }

  /**
   * Runs a command.
   *
   * @param bytes the number of bytes that it processes
   * @throws IOException if its exit status is not 0
   */
  static Sample run(long bytes, List<String> command) throws IOException, InterruptedException {
    return runAtOnce(bytes, List.of(command));
  }

  /** Like {@link #run}, with several commands in parallel. */
  static Sample runAtOnce(long bytes, List<List<String>> commands)
      throws IOException, InterruptedException {
    OptionalDouble cpuBefore = cpuSecondsOfChildren();
    long start = System.nanoTime();
    List<Process> processes = new ArrayList<>();
    for (List<String> command : commands) {
      processes.add(quiet(command).start());
    }
    for (Process process : processes) {
      if (process.waitFor() != 0) {
        throw new IOException(commands + " ended with status " + process.exitValue());
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    OptionalDouble cpuAfter = cpuSecondsOfChildren();
    OptionalDouble cpu =
        cpuBefore.isEmpty() || cpuAfter.isEmpty()
            ? OptionalDouble.empty()
            : OptionalDouble.of(cpuAfter.getAsDouble() - cpuBefore.getAsDouble());
    return new Sample(bytes, seconds, cpu, Optional.empty());
  }

  private static ProcessBuilder quiet(List<String> command) {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  /** The CPU time of ended child processes; a running file server does not count. */
  private static OptionalDouble cpuSecondsOfChildren() {
    try {
      String stat = Files.readString(STAT);
      List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
      long ticks =
          Long.parseLong(fields.get(CHILDREN_USER)) + Long.parseLong(fields.get(CHILDREN_SYSTEM));
      return OptionalDouble.of(ticks / TICKS_PER_SECOND);
    } catch (IOException e) {
      return OptionalDouble.empty();
    }
  }
}
