package dev.darkroom.e2e.apiserver;

import static dev.darkroom.e2e.apiserver.Widgets.path;
import static dev.darkroom.e2e.apiserver.Widgets.widget;
import static dev.darkroom.e2e.apiserver.Widgets.withMetadata;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.darkroom.e2e.apiserver.model.Json;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Watches over HTTP and WebSockets, by plain requests and by the client's informers. */
class WatchTest extends OnApiServer {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Override
  ApiServer.Options options() {
    return ApiServer.Options.defaults().keeping(200).withBookmarksEvery(Duration.ofMillis(100));
  }

  @Test
  void sendsEveryChangeAfterAResourceVersion() {
    String from =
        calls.post(Widgets.PATH, widget("seen")).body().at("/metadata/resourceVersion").asText();
    calls.merge(path("seen"), "{\"spec\":{\"size\":8}}");
    calls.merge(path("seen"), "{\"spec\":{\"size\":8}}");
    calls.delete(path("seen"));

    List<JsonNode> events = watch("resourceVersion=" + from + "&timeoutSeconds=1");

    assertThat(events)
        .extracting(WatchTest::described)
        .containsExactly("MODIFIED seen", "DELETED seen");
    assertThat(events.get(1).at("/object/metadata/resourceVersion").asLong())
        .isGreaterThan(events.get(0).at("/object/metadata/resourceVersion").asLong());
  }

  @Test
  void startsWithAllObjectsWithoutAResourceVersion() {
    calls.post(Widgets.PATH, withMetadata("\"name\":\"there\",\"labels\":{\"start\":\"x\"}", ""));

    assertThat(watch("labelSelector=start%3Dx&timeoutSeconds=1"))
        .extracting(WatchTest::described)
        .containsExactly("ADDED there");
  }

  @Test
  void anObjectThatStartsOrStopsMatchingIsAddedOrDeleted() {
    String from =
        calls.post(Widgets.PATH, widget("turning")).body().at("/metadata/resourceVersion").asText();
    calls.merge(path("turning"), "{\"metadata\":{\"labels\":{\"on\":\"yes\"}}}");
    calls.merge(path("turning"), "{\"spec\":{\"size\":9}}");
    calls.merge(path("turning"), "{\"metadata\":{\"labels\":{\"on\":\"no\"}}}");
    calls.merge(path("turning"), "{\"spec\":{\"size\":10}}");

    assertThat(watch("labelSelector=on%3Dyes&timeoutSeconds=1&resourceVersion=" + from))
        .extracting(WatchTest::described)
        .containsExactly("ADDED turning", "MODIFIED turning", "DELETED turning");
  }

  @Test
  void anExpiredResourceVersionIsAnErrorEvent() {
    calls.post(Widgets.PATH, widget("busy"));
    for (int i = 0; i < 250; i++) {
      calls.merge(path("busy"), "{\"metadata\":{\"labels\":{\"i\":\"" + i + "\"}}}");
    }

    List<JsonNode> events = watch("resourceVersion=2");

    assertThat(events).hasSize(1);
    assertThat(events.get(0).path("type").asText()).isEqualTo("ERROR");
    assertThat(events.get(0).at("/object/code").asInt()).isEqualTo(410);
    assertThat(events.get(0).at("/object/reason").asText()).isEqualTo("Expired");
  }

  @Test
  void sendsBookmarksOnRequest() {
    assertThat(
            watch("allowWatchBookmarks=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dnobody"))
        .extracting(event -> event.path("type").asText())
        .isNotEmpty()
        .containsOnly("BOOKMARK");
    assertThat(watch("timeoutSeconds=1&fieldSelector=metadata.name%3Dnobody")).isEmpty();
  }

  @Test
  void marksTheEndOfInitialEvents() {
    calls.post(Widgets.PATH, withMetadata("\"name\":\"initial\",\"labels\":{\"init\":\"x\"}", ""));

    List<JsonNode> events =
        watch(
            "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
                + "&timeoutSeconds=1&labelSelector=init%3Dx");

    assertThat(described(events.get(0))).isEqualTo("ADDED initial");
    assertThat(events.get(1).at("/object/metadata/annotations/k8s.io~1initial-events-end").asText())
        .isEqualTo("true");
  }

  @Test
  void sendsTablesOnRequest() {
    calls.post(Widgets.PATH, withMetadata("\"name\":\"row\",\"labels\":{\"row\":\"x\"}", ""));

    List<JsonNode> events =
        watch(
            "labelSelector=row%3Dx&timeoutSeconds=1",
            "application/json;as=Table;v=v1;g=meta.k8s.io");

    assertThat(events.get(0).at("/object/kind").asText()).isEqualTo("Table");
    assertThat(events.get(0).at("/object/rows/0/cells/0").asText()).isEqualTo("row");
  }

  @Test
  void anHttp2UpgradeHeaderOpensNoWebSocket() {
    // The JDK's client sends "Upgrade: h2c" on its first request over plain HTTP.
    assertThat(HTTP.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(watch("timeoutSeconds=1&fieldSelector=metadata.name%3Dnobody")).isEmpty();
  }

  @Test
  void sendsOneEventPerWebSocketMessage() {
    Queue<JsonNode> events = new ConcurrentLinkedQueue<>();
    WebSocket socket =
        HTTP.newWebSocketBuilder()
            .buildAsync(
                URI.create(
                    server.url().toString().replace("http", "ws")
                        + Widgets.PATH
                        + "?watch=true&labelSelector=ws%3Dx"),
                new Collector(events))
            .join();

    calls.post(Widgets.PATH, withMetadata("\"name\":\"wired\",\"labels\":{\"ws\":\"x\"}", ""));
    calls.delete(path("wired"));

    await().until(() -> events.size() == 2);
    assertThat(events)
        .extracting(WatchTest::described)
        .containsExactly("ADDED wired", "DELETED wired");
    socket.abort();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keepsAnInformerUpToDate(boolean onlyHttpWatches) {
    Config config =
        new ConfigBuilder(Config.fromKubeconfig(server.kubeconfig()))
            .withOnlyHttpWatches(onlyHttpWatches)
            .build();
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    ResourceDefinitionContext widgets =
        new ResourceDefinitionContext.Builder()
            .withGroup("example.dev")
            .withVersion("v1")
            .withKind("Widget")
            .withPlural("widgets")
            .withNamespaced(true)
            .build();
    String label = "informer-" + onlyHttpWatches;
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
        SharedIndexInformer<GenericKubernetesResource> informer =
            client
                .genericKubernetesResources(widgets)
                .inNamespace("default")
                .withLabel("by", label)
                .inform(new Recorder(seen))) {
      calls.post(
          Widgets.PATH,
          withMetadata("\"name\":\"" + label + "\",\"labels\":{\"by\":\"" + label + "\"}", ""));
      await().until(() -> seen.contains("added"));
      calls.merge(path(label), "{\"spec\":{\"size\":50}}");
      await().until(() -> seen.contains("updated"));
      calls.delete(path(label));
      await().until(() -> seen.contains("deleted"));
      assertThat(informer.isWatching()).isTrue();
      assertThat(seen).containsExactly("added", "updated", "deleted");
    }
  }

  @Test
  void holdsThousandsOfObjects() {
    server.install(
        IntStream.range(0, 5_000)
            .mapToObj(i -> "{apiVersion: v1, kind: ConfigMap, metadata: {name: many-" + i + "}}")
            .collect(Collectors.joining("\n---\n")));

    try (KubernetesClient client = Calls.client(server.kubeconfig())) {
      List<ConfigMap> all = client.configMaps().inNamespace("default").list().getItems();
      assertThat(all).hasSize(5_000);
      try (SharedIndexInformer<ConfigMap> informer =
          client.configMaps().inNamespace("default").inform()) {
        assertThat(informer.getStore().list()).hasSize(5_000);
      }
    }
  }

  private List<JsonNode> watch(String query) {
    return watch(query, "application/json");
  }

  /** Watches until the server ends the stream. */
  private List<JsonNode> watch(String query, String accept) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + Widgets.PATH + "?watch=true&" + query))
            .header("Accept", accept)
            .timeout(Duration.ofSeconds(30))
            .build();
    Stream<String> lines =
        HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofLines()).join().body();
    return lines.map(line -> Json.parse(line.getBytes(StandardCharsets.UTF_8))).toList();
  }

  private static String described(JsonNode event) {
    return event.path("type").asText() + " " + event.at("/object/metadata/name").asText();
  }

  private record Collector(Queue<JsonNode> events, StringBuilder text)
      implements WebSocket.Listener {
    Collector(Queue<JsonNode> events) {
      this(events, new StringBuilder());
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        events.add(Json.parse(text.toString().getBytes(StandardCharsets.UTF_8)));
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }

  private record Recorder(Queue<String> seen)
      implements ResourceEventHandler<GenericKubernetesResource> {
    @Override
    public void onAdd(GenericKubernetesResource added) {
      seen.add("added");
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource after) {
      seen.add("updated");
    }

    @Override
    public void onDelete(GenericKubernetesResource last, boolean unknown) {
      seen.add("deleted");
    }
  }
}
