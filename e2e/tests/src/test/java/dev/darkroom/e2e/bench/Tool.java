package dev.darkroom.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** A program of the system that is run as a child process. */
final class Tool {

  private static final Path STAT = Path.of("/proc/self/stat");

  /** proc(5): cutime and cstime are fields 16 and 17; the state, after the name, is field 3. */
  private static final int CHILDREN_USER = 16 - 3;

  private static final int CHILDREN_SYSTEM = 17 - 3;

  /** What Linux counts these fields in for user space, on every architecture Java runs on. */
  private static final double TICKS_PER_SECOND = 100;

  private Tool() {}

  /** Why the program can't be run, if it can't. */
  static Optional<String> missing(String program) {
    try {
      Process process = quiet(List.of(program, "--version")).start();
      process.getOutputStream().close();
      process.waitFor();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(program + " is not there");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(program + " was not waited for");
    }
  }

  /**
   * Runs the command to its end.
   *
   * @param bytes how many it deals with
   * @throws IOException when it ends with another status than 0
   */
  static Sample run(long bytes, List<String> command) throws IOException, InterruptedException {
    return runAtOnce(bytes, List.of(command));
  }

  /** As {@link #run}, several at the same time. */
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

  /** Of those that have ended: the file server is none of them while it runs. */
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
