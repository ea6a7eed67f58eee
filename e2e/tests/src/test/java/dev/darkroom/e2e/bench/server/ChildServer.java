package dev.darkroom.e2e.bench.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A server in a child process, so that its CPU time and memory are not counted. It prints its port
 * when it is ready, and exits at the end of its standard input.
 */
public final class ChildServer implements AutoCloseable {

  private final Process process;
  private final URI address;

  private ChildServer(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /** Starts the main method of a class with this heap size in MiB. */
  public static ChildServer start(Class<?> main, int heapMib, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.add("-Xmx" + heapMib + "m");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    String port = output.readLine();
    if (port == null) {
      throw new IOException(main.getSimpleName() + " did not start");
    }
    return new ChildServer(process, URI.create("http://127.0.0.1:" + port + "/"));
  }

  /** The base URL, with a slash at the end. */
  public URI address() {
    return address;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
