package dev.darkroom.e2e.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.darkroom.e2e.RepositoryFiles;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A Prometheus process that scrapes one operator every second and evaluates the chart's alerts. */
public final class Prometheus implements AutoCloseable {

  private static final String JOB = "darkroom-metrics";
  private static final Path ALERTS =
      RepositoryFiles.ROOT.resolve("helm/darkroom/files/alerts.yaml");

  private final Process process;
  private final String address;
  private final HttpClient http = HttpClient.newHttpClient();

  private Prometheus(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /** Whether {@code prometheus} is on the path. */
  public static boolean isInstalled() {
    return program().isPresent();
  }

  /** Starts Prometheus and waits until it is ready. */
  public static Prometheus watching(int operatorsPort, Path data) throws IOException {
    Path directory = Files.createDirectories(data);
    Files.writeString(
        directory.resolve("alerts.yaml"), Files.readString(ALERTS).replace("JOB", JOB));
    Path config =
        Files.writeString(
            directory.resolve("prometheus.yaml"),
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: [alerts.yaml]
            scrape_configs:
              - job_name: %s
                static_configs: [{targets: ["127.0.0.1:%d"], labels: {pod: operator-0}}]
            """
                .formatted(JOB, operatorsPort));
    String address;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = "127.0.0.1:" + free.getLocalPort();
    }
    Prometheus started =
        new Prometheus(
            new ProcessBuilder(
                    program().orElseThrow().toString(),
                    "--config.file=" + config,
                    "--storage.tsdb.path=" + directory.resolve("data"),
                    "--web.listen-address=" + address)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start(),
            "http://" + address);
    Tenant.awaiting("Prometheus ready; log in " + directory)
        .failFast("Prometheus ended", () -> !started.process.isAlive())
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> !started.get("/api/v1/status/buildinfo").isMissingNode());
    return started;
  }

  /** Whether a query of the dashboard returns data, with Grafana's variables replaced. */
  public boolean returnsData(String query) throws IOException, InterruptedException {
    String asked = query.replace("$__rate_interval", "1m").replace("$job", JOB);
    return !get("/api/v1/query?query=" + URLEncoder.encode(asked, UTF_8)).at("/result").isEmpty();
  }

  /** The health of the alert rules: {@code ok}, {@code err} or {@code unknown}. */
  public Set<String> healthOfRules() throws IOException, InterruptedException {
    Set<String> health = new TreeSet<>();
    for (JsonNode rule : get("/api/v1/rules").at("/groups/0/rules")) {
      health.add(rule.path("health").asText());
    }
    return health;
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(address + path)).build();
    return new ObjectMapper()
        .readTree(http.send(request, BodyHandlers.ofString()).body())
        .path("data");
  }

  private static Optional<Path> program() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(path -> Path.of(path, "prometheus"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
