package dev.darkroom.e2e.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs {@link ImportMain} in a process and kills it with SIGKILL at its kill point. */
final class KilledImport {

  private KilledImport() {}

  /**
   * Starts the process, waits for the kill point, and kills it.
   *
   * @param log the file for its output
   * @throws IOException if it ended earlier; the message has its output
   */
  static void killAt(KillPoint point, Path log, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx128m");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-classpath");
    command.add(System.getProperty("java.class.path"));
    command.add(ImportMain.class.getName());
    command.add(point.toString());
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      TestBed.waitFor(
          point.toString(),
          () -> Files.readString(log).contains(ImportMain.AT_POINT) || !process.isAlive());
    } finally {
      process.destroyForcibly().onExit().join();
    }
    String output = Files.readString(log);
    if (!output.contains(ImportMain.AT_POINT)) {
      throw new IOException("the process ended before " + point + "; its output: " + output);
    }
  }
}
