package dev.darkroom.helm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Service, ServiceMonitor, alerts and dashboard of the chart. */
class MonitoringTest {

  private static Manifests manifests;

  @BeforeAll
  static void renderAll() throws IOException {
    manifests = Chart.template(Files.readString(Path.of("examples/monitoring.yaml")));
  }

  @Test
  void theServiceMonitorSelectsTheServiceOfThePods() {
    JsonNode service = manifests.one("Service", "darkroom-metrics");
    JsonNode monitor = manifests.one("ServiceMonitor", "darkroom");

    assertThat(service.at("/metadata/labels").properties())
        .containsAll(monitor.at("/spec/selector/matchLabels").properties());
    assertThat(service.at("/spec/ports/0/name").asText())
        .isEqualTo(monitor.at("/spec/endpoints/0/port").asText());
    assertThat(
            manifests
                .one("Deployment", "darkroom")
                .at("/spec/template/metadata/labels")
                .properties())
        .containsAll(service.at("/spec/selector").properties());
    assertThat(monitor.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
  }

  @Test
  void eachAlertHasARunbook() throws IOException {
    String runbooks = Files.readString(Chart.DIRECTORY.resolve("RUNBOOKS.md"));

    assertThat(alerts())
        .isNotEmpty()
        .allSatisfy(
            alert -> {
              String name = alert.path("alert").asText();
              assertThat(runbooks).contains("\n## " + name + "\n");
              assertThat(alert.at("/annotations/runbook").asText()).endsWith(name);
              assertThat(alert.at("/annotations/summary").asText()).endsWith(".");
            });
    assertThat(runbooks.lines().filter(line -> line.startsWith("## "))).hasSameSizeAs(alerts());
  }

  @Test
  void alertsFireOnlyUnderTheirConditions(@TempDir Path directory) throws Exception {
    Optional<Path> promtool =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .map(path -> Path.of(path, "promtool"))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(promtool.isPresent(), "no promtool on the PATH");
    Files.writeString(
        directory.resolve("alerts.yaml"),
        Chart.YAML.writeValueAsString(manifests.one("PrometheusRule", "darkroom").path("spec")));
    try (InputStream tests = MonitoringTest.class.getResourceAsStream("alerts-test.yaml")) {
      Files.copy(tests, directory.resolve("alerts-test.yaml"));
    }

    Process process =
        new ProcessBuilder(promtool.get().toString(), "test", "rules", "alerts-test.yaml")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(alerts())
        .extracting(alert -> alert.path("alert").asText())
        .allSatisfy(
            name ->
                assertThat(Files.readString(directory.resolve("alerts-test.yaml")))
                    .as("an alert that fires")
                    .contains("- alertname: " + name + "\n"));
  }

  @Test
  void darkroomDownSelectsTheJobOfTheRelease() {
    assertThat(alerts().get(0).path("expr").asText())
        .isEqualTo("absent(up{job=\"darkroom-metrics\"} == 1)");
  }

  @Test
  void theDashboardConfigMapHasTheDashboardOfTheChart() throws IOException {
    JsonNode map = manifests.one("ConfigMap", "darkroom-dashboard");

    assertThat(Chart.YAML.readTree(map.at("/data/darkroom.json").asText()))
        .isEqualTo(Chart.file("files/dashboard.json"));
    assertThat(map.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
  }

  @Test
  void panelsDoNotOverlap() throws IOException {
    Set<String> taken = new TreeSet<>();

    for (JsonNode panel : Chart.file("files/dashboard.json").path("panels")) {
      JsonNode place = panel.path("gridPos");
      for (int x = 0; x < place.path("w").asInt(); x++) {
        for (int y = 0; y < place.path("h").asInt(); y++) {
          int column = place.path("x").asInt() + x;
          assertThat(column).isLessThan(24);
          assertThat(taken.add(column + "," + (place.path("y").asInt() + y)))
              .as(panel.path("title").asText())
              .isTrue();
        }
      }
    }
  }

  private static List<JsonNode> alerts() {
    List<JsonNode> alerts = new ArrayList<>();
    manifests.one("PrometheusRule", "darkroom").at("/spec/groups/0/rules").forEach(alerts::add);
    return alerts;
  }
}
