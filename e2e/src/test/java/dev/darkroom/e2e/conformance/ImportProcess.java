package dev.darkroom.e2e.conformance;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.connect.ListeningConnector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@link ImportMain} in a process of its own, stopped by a debugger at a place in our code and then
 * killed by SIGKILL: so it dies there and nowhere else, without a hook in what is tested.
 */
final class ImportProcess implements AutoCloseable {

  private static final String AGENT = "-agentlib:jdwp=transport=dt_socket,server=n,suspend=y,";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final VirtualMachine machine;
  private final Path log;

  private ImportProcess(Process process, VirtualMachine machine, Path log) {
    this.process = process;
    this.machine = machine;
    this.log = log;
  }

  /** Starts it, stopped before its first line. */
  static ImportProcess start(Path log, List<String> arguments) throws IOException {
    ListeningConnector connector =
        Bootstrap.virtualMachineManager().listeningConnectors().stream()
            .filter(each -> each.transport().name().equals("dt_socket"))
            .findFirst()
            .orElseThrow(() -> new IOException("this Java has no debugger"));
    Map<String, Connector.Argument> options = connector.defaultArguments();
    options.get("localAddress").setValue("127.0.0.1");
    options.get("timeout").setValue(Long.toString(PATIENCE.toMillis()));
    try {
      String address = connector.startListening(options);
      Process process = launch(log, address, arguments);
      try {
        return new ImportProcess(process, connector.accept(options), log);
      } catch (IOException | RuntimeException e) {
        process.destroyForcibly();
        throw e;
      } finally {
        connector.stopListening(options);
      }
    } catch (IllegalConnectorArgumentsException e) {
      throw new IOException("the debugger can't listen", e);
    }
  }

  /**
   * Lets it run until it comes to that place, and kills it there.
   *
   * @throws IOException when it ended, or did not get there in time; with what it said
   */
  void killAt(Place place) throws IOException, InterruptedException {
    if (!place.reached(machine, PATIENCE)) {
      throw new IOException("it never came to " + place + "; it said: " + Files.readString(log));
    }
    kill();
  }

  /** Lets it run until it says that line, and kills it then. */
  void killWhenItSays(String line) throws IOException {
    machine.dispose();
    World.waitFor(line, () -> Files.readString(log).contains(line));
    kill();
  }

  private void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  private static Process launch(Path log, String address, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx128m");
    command.add("-XX:TieredStopAtLevel=1");
    command.add(AGENT + "address=" + address);
    command.add("-classpath");
    command.add(System.getProperty("java.class.path"));
    command.add(ImportMain.class.getName());
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }
}
