package dev.darkroom.e2e.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@link ImportMain} in a process of its own, killed by SIGKILL when it has come to its point. */
final class ImportProcess {

  private ImportProcess() {}

  /**
   * Starts it, waits until it is there, and kills it.
   *
   * @param log where it writes what it says
   * @throws IOException when it ended before, with what it said
   */
  static void killAt(Point point, Path log, List<String> arguments) throws IOException {
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
      World.waitFor(
          point.toString(),
          () -> Files.readString(log).contains(ImportMain.THERE) || !process.isAlive());
    } finally {
      process.destroyForcibly().onExit().join();
    }
    String said = Files.readString(log);
    if (!said.contains(ImportMain.THERE)) {
      throw new IOException("it never came to " + point + "; it said: " + said);
    }
  }
}
