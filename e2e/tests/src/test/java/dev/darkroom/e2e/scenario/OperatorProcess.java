package dev.darkroom.e2e.scenario;

import dev.darkroom.cli.Darkroom;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operator in a child process, for signals and exit codes. */
public final class OperatorProcess implements AutoCloseable {

  private static final Pattern PORT = Pattern.compile("health on port (\\d+)");

  private final Process process;
  private final Path log;

  private OperatorProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts the operator and waits until it is ready. */
  public static OperatorProcess start(Path kubeconfig, Path log, String... flags)
      throws IOException {
    return start("operator", kubeconfig, log, flags);
  }

  /** Starts the operator with this host name and waits until it is ready. */
  public static OperatorProcess start(String host, Path kubeconfig, Path log, String... flags)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-classpath",
                System.getProperty("java.class.path"),
                Darkroom.class.getName(),
                "operator",
                "--kubeconfig",
                kubeconfig.toString(),
                "--health-port",
                "0",
                "--progress-interval",
                "PT0.2S",
                "--allow-sources",
                "127.0.0.0/8,::1/128"));
    command.addAll(List.of(flags));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("HOSTNAME", host);
    Process process = builder.start();
    OperatorProcess started = new OperatorProcess(process, log);
    try {
      Tenant.awaiting("operator process ready; log in " + log)
          .atMost(Duration.ofSeconds(90))
          .failFast("operator process ended", () -> !process.isAlive())
          .until(started::isReady);
    } catch (RuntimeException e) {
      started.close();
      throw e;
    }
    return started;
  }

  /** The output of {@code operator --help}. */
  public static String help() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                Darkroom.class.getName(),
                "operator",
                "--help")
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The output so far. */
  public String log() throws IOException {
    return Files.readString(log);
  }

  /** Sends SIGKILL and waits for the end of the process. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Sends SIGTERM and returns the exit code; fails if the process runs longer. */
  public int terminate(Duration within) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("operator still runs " + within + " after SIGTERM; see " + log);
    }
    return process.exitValue();
  }

  /** Sends SIGSTOP: the process is suspended and keeps its connections and locks. */
  public void suspend() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Sends SIGCONT: the process continues. */
  public void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    int code =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    if (code != 0) {
      throw new AssertionError("kill -" + name + ": exit code " + code);
    }
  }

  /** Whether the process runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Whether {@code /readyz} answers 200. */
  public boolean isReady() throws IOException, InterruptedException {
    return PORT.matcher(log()).find()
        && get("/readyz", BodyHandlers.discarding()).statusCode() == 200;
  }

  /** The response of {@code /metrics}. */
  public String metrics() throws IOException, InterruptedException {
    return get("/metrics", BodyHandlers.ofString()).body();
  }

  /** The port of the health and metrics endpoints. */
  public int port() throws IOException {
    Matcher port = PORT.matcher(log());
    if (!port.find()) {
      throw new IOException("the log does not name the port yet");
    }
    return Integer.parseInt(port.group(1));
  }

  private <T> HttpResponse<T> get(String path, BodyHandler<T> body)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port() + path);
    return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), body);
  }

  @Override
  public void close() {
    kill();
  }
}
