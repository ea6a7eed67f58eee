package dev.darkroom.e2e.scenario.operations;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.stalled;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.darkroom.api.Image;
import dev.darkroom.e2e.RepositoryFiles;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.OperatorProcess;
import dev.darkroom.e2e.scenario.Prometheus;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.e2e.scenario.WebResponses;
import dev.darkroom.e2e.scenario.cluster.ServerKind;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The queries of the chart's dashboard and alerts match the metrics of a running operator. */
class DashboardTest extends ImportScenario {

  private static final Path FILES = RepositoryFiles.ROOT.resolve("helm/darkroom/files");

  private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z_]+)(?:\\{(.*)})? ");
  private static final Pattern SELECTOR =
      Pattern.compile("\\b((?:darkroom|jvm|process)_[a-z_]+)(?:\\{([^}]*)})?");
  private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");
  private static final Pattern LABEL = Pattern.compile("([a-z]+)(?:=~|!=|!~|=)\"[^\"]*\"");

  /** Labels added by a scrape. */
  private static final Set<String> SCRAPE_LABELS = Set.of("job", "pod", "namespace", "instance");

  private OperatorProcess operator;

  @BeforeEach
  void startOperatorWithMetrics() throws IOException {
    assumeTrue(kind == ServerKind.EMBEDDED, "the metrics do not depend on the API server");
    stopOperator();
    operator =
        OperatorProcess.start(
            cluster.kubeconfig(), directory.resolve("operator.log"), "--probe-interval", "PT0.5S");
    defaultStore();
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    web.on("/gone", WebResponses.status(404));
    tenant.createImage("fedora", from("/fedora").build());
    tenant.createImage("gone", from("/gone").build());
    tenant.await(Image.class, "fedora", ready());
    tenant.await(Image.class, "gone", stalled("SourceNotFound"));
    tenant.edit(
        Image.class,
        "fedora",
        image -> {
          image.getMetadata().setAnnotations(Map.of("darkroom.dev/scrub", "1"));
          return image;
        });
    tenant.await(
        Image.class, "fedora", that("checked", i -> "1".equals(i.getStatus().observedScrub())));
  }

  @AfterEach
  void killOperator() {
    if (operator != null) {
      operator.close();
    }
  }

  @Test
  void eachQueryMatchesMetricsAndLabels() throws IOException, InterruptedException {
    try (OperatorProcess asked = operator) {
      Tenant.awaiting("metrics of the store")
          .until(() -> asked.metrics().contains("\ndarkroom_store_oldest_verification"));
      Map<String, Set<String>> metrics = labels(asked.metrics());

      assertThat(queries())
          .hasSizeGreaterThan(20)
          .allSatisfy(query -> assertMatches(query, metrics));
    }
  }

  @Test
  void prometheusReturnsDataForEachQuery() throws IOException, InterruptedException {
    assumeTrue(Prometheus.isInstalled(), "prometheus is not installed");
    try (OperatorProcess asked = operator;
        Prometheus prometheus = Prometheus.watching(asked.port(), directory.resolve("tsdb"))) {
      for (String query : dashboard()) {
        Tenant.awaiting("data for " + query).until(() -> prometheus.returnsData(query));
      }
      Tenant.awaiting("evaluation of the alerts")
          .until(() -> prometheus.healthOfRules().equals(Set.of("ok")));
    }
  }

  private static void assertMatches(String query, Map<String, Set<String>> metrics) {
    Set<String> grouped = new TreeSet<>();
    Matcher grouping = GROUPING.matcher(query);
    while (grouping.find()) {
      grouped.addAll(List.of(grouping.group(1).split(", *")));
    }
    Matcher selector = SELECTOR.matcher(query);
    while (selector.find()) {
      Set<String> asked = new TreeSet<>(grouped);
      Matcher label = LABEL.matcher(selector.group(2) == null ? "" : selector.group(2));
      while (label.find()) {
        asked.add(label.group(1));
      }
      asked.removeAll(SCRAPE_LABELS);
      assertThat(metrics).as(query).containsKey(selector.group(1));
      assertThat(metrics.get(selector.group(1))).as(query).containsAll(asked);
    }
  }

  /** The labels of each metric. */
  private static Map<String, Set<String>> labels(String scrape) {
    Map<String, Set<String>> labels = new HashMap<>();
    Matcher sample = SAMPLE.matcher(scrape);
    while (sample.find()) {
      Set<String> names = labels.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
      Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
      while (label.find()) {
        names.add(label.group(1));
      }
    }
    return labels;
  }

  /** The queries of the dashboard and of the alerts. */
  private static List<String> queries() throws IOException {
    List<String> queries = new ArrayList<>(dashboard());
    JsonNode alerts =
        Serialization.unmarshal(Files.readString(FILES.resolve("alerts.yaml")), JsonNode.class);
    for (JsonNode rule : alerts.at("/groups/0/rules")) {
      queries.add(rule.path("expr").asText());
    }
    return queries;
  }

  private static List<String> dashboard() throws IOException {
    List<String> queries = new ArrayList<>();
    JsonNode dashboard =
        new ObjectMapper().readTree(Files.readString(FILES.resolve("dashboard.json")));
    for (JsonNode panel : dashboard.path("panels")) {
      panel.path("targets").forEach(target -> queries.add(target.path("expr").asText()));
    }
    return queries;
  }
}
