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

/** The operator as a user runs it: a process of its own, to be ended one way or the other. */
public final class OperatorProcess implements AutoCloseable {

  private static final Pattern PORT = Pattern.compile("health on port (\\d+)");

  private final Process process;
  private final Path log;

  private OperatorProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts it and waits until it is ready. */
  public static OperatorProcess start(Path kubeconfig, Path log, String... flags)
      throws IOException {
    return start("operator", kubeconfig, log, flags);
  }

  /** The same on a host of that name. */
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
      Tenant.awaiting("the operator's process; see " + log)
          .atMost(Duration.ofSeconds(90))
          .failFast("it ended", () -> !process.isAlive())
          .until(started::isReady);
    } catch (RuntimeException e) {
      started.close();
      throw e;
    }
    return started;
  }

  /** What {@code operator --help} says. */
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

  public String log() throws IOException {
    return Files.readString(log);
  }

  /** SIGKILL: it can do nothing about it. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** SIGTERM; gives the exit code, when it came in time. */
  public int terminate(Duration within) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("the operator still runs " + within + " after SIGTERM; see " + log);
    }
    return process.exitValue();
  }

  /** SIGSTOP: it does nothing, and its connections and locks stay. */
  public void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT: it goes on as if nothing had been. */
  public void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    int code =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    if (code != 0) {
      throw new AssertionError("kill -" + name + " gave " + code);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public boolean isReady() throws IOException, InterruptedException {
    return PORT.matcher(log()).find()
        && get("/readyz", BodyHandlers.discarding()).statusCode() == 200;
  }

  /** What Prometheus would read. */
  public String metrics() throws IOException, InterruptedException {
    return get("/metrics", BodyHandlers.ofString()).body();
  }

  /** Where its health and its metrics are. */
  public int port() throws IOException {
    Matcher port = PORT.matcher(log());
    if (!port.find()) {
      throw new IOException("it has not said yet where its port is");
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
