package dev.darkroom.e2e.apiserver;

import static dev.darkroom.e2e.apiserver.Widgets.path;
import static dev.darkroom.e2e.apiserver.Widgets.widget;
import static dev.darkroom.e2e.apiserver.Widgets.withMetadata;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.e2e.apiserver.Kubectl.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands of the real kubectl; skipped when no kubectl is on the PATH. */
class KubectlTest extends OnApiServer {
  @TempDir static Path home;
  private Kubectl kubectl;

  @BeforeAll
  @Override
  void startServer() {
    assumeTrue(Kubectl.program().isPresent(), "no kubectl on the PATH: nothing to try it with");
    super.startServer();
    try {
      kubectl = Kubectl.on(server.kubeconfig(), home);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void apiResourcesNamesTheKinds() {
    assertThat(ok("api-resources"))
        .containsPattern("widgets +wd +example.dev/v1 +true +Widget")
        .containsPattern("leases +coordination.k8s.io/v1 +true +Lease");
  }

  @Test
  void appliesDefinitionsAndAllThatIsInAFile() {
    String definition =
        Widgets.definition()
            .replace("Widget", "Sprocket")
            .replace("widget", "sprocket")
            .replace("[wd]", "[sp]");

    assertThat(apply(definition)).contains("sprockets.example.dev created");
    assertThat(apply(definition)).contains("sprockets.example.dev unchanged");
    assertThat(ok("wait", "--for=condition=Established", "crd/sprockets.example.dev"))
        .contains("condition met");
    assertThat(apply(manifest("s1", "{}").replace("Widget", "Sprocket"))).contains("s1 created");
    assertThat(ok("delete", "crd", "sprockets.example.dev")).contains("deleted");
  }

  @Test
  void appliesFromTheClientsSide() {
    assertThat(apply(manifest("client", "{size: 3, label: abc}"))).contains("created");
    assertThat(apply(manifest("client", "{size: 4}"))).contains("configured");
    assertThat(apply(manifest("client", "{size: 4}"))).contains("unchanged");

    assertThat(ok("get", "wd", "client", "-o", "jsonpath={.spec.size} {.spec.label}"))
        .isEqualTo("4 ");
    Said refused = kubectl.run(manifest("client", "{bogus: 4}"), Map.of(), "apply", "-f", "-");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.text()).contains("strict decoding error: unknown field \"spec.bogus\"");
  }

  @Test
  void appliesConfigMapsByStrategicMerge() {
    String manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: smp}\ndata: {%s}\n";
    apply(manifest.formatted("a: '1', b: '2'"));
    assertThat(apply(manifest.formatted("a: '3'"))).contains("configured");
    assertThat(ok("get", "cm", "smp", "-o", "jsonpath={.data}")).isEqualTo("{\"a\":\"3\"}");
  }

  @Test
  void appliesFromTheServersSide() {
    String manifest = manifest("server", "{size: 3}");
    assertThat(apply(manifest, "--server-side")).contains("serverside-applied");

    Said conflict =
        kubectl.run(
            manifest("server", "{size: 4}"),
            Map.of(),
            "apply",
            "--server-side",
            "--field-manager=bob",
            "-f",
            "-");
    assertThat(conflict.exit()).isEqualTo(1);
    assertThat(conflict.text()).contains("conflict with \"kubectl\": .spec.size");
    assertThat(
            apply(
                manifest("server", "{size: 4}"),
                "--server-side",
                "--field-manager=bob",
                "--force-conflicts"))
        .contains("serverside-applied");
  }

  @Test
  void movesFromClientSideToServerSideApply() {
    apply(manifest("moving", "{size: 3}"));

    assertThat(apply(manifest("moving", "{size: 5}"), "--server-side")).doesNotContain("Warning");
    assertThat(ok("get", "wd", "moving", "-o", "jsonpath={.spec.size}")).isEqualTo("5");
  }

  @Test
  void printsTheColumnsOfTheDefinition() {
    calls.post(Widgets.PATH, widget("printed", "\"colour\":\"red\""));

    assertThat(ok("get", "widgets", "printed"))
        .containsPattern("NAME +COLOUR +SIZE +LOUD +READY +STARTED +AGE")
        .containsPattern("printed +red +7 +false +\\d+s");
    assertThat(ok("get", "wd", "-o", "wide")).contains("ORIGIN");
    assertThat(ok("get", "all")).contains("printed");
  }

  @Test
  void watchesAndWaits() throws Exception {
    calls.post(Widgets.PATH, withMetadata("\"name\":\"watched\",\"labels\":{\"w\":\"x\"}", ""));
    Path seen = home.resolve("watch.txt");
    Process watch = kubectl.start(seen, Map.of(), "get", "wd", "-w", "-l", "w=x");
    await().until(() -> Files.readString(seen).contains("watched"));
    CompletableFuture<Said> waiting =
        CompletableFuture.supplyAsync(
            () -> kubectl.run("wait", "--for=condition=Ready", "wd/watched", "--timeout=30s"));

    calls.merge(
        path("watched") + "/status",
        "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");

    assertThat(waiting.get().text()).contains("condition met");
    await()
        .untilAsserted(
            () -> assertThat(Files.readString(seen)).containsPattern("watched .* True "));
    watch.destroy();
  }

  @Test
  void deletesAndWaitsUntilItIsGone() {
    calls.post(Widgets.PATH, withMetadata("\"name\":\"lingering\",\"finalizers\":[\"a.b/c\"]", ""));
    CompletableFuture<Said> deleting =
        CompletableFuture.supplyAsync(() -> kubectl.run("delete", "wd", "lingering"));
    await()
        .until(() -> calls.get(path("lingering")).body().at("/metadata").has("deletionTimestamp"));
    assertThat(deleting).isNotDone();

    calls.merge(path("lingering"), "{\"metadata\":{\"finalizers\":null}}");

    assertThat(deleting.join().exit()).isZero();
    assertThat(calls.get(path("lingering")).code()).isEqualTo(404);
  }

  @Test
  void describesWithEvents() {
    calls.post(Widgets.PATH, widget("described"));
    String uid = calls.get(path("described")).body().at("/metadata/uid").asText();
    apply(
        """
        apiVersion: v1
        kind: Event
        metadata: {name: described.1, namespace: default}
        involvedObject: {apiVersion: example.dev/v1, kind: Widget, name: described,
                         namespace: default, uid: %s}
        reason: Polished
        message: it shines now
        type: Normal
        count: 1
        lastTimestamp: "2026-01-01T00:00:00Z"
        """
            .formatted(uid));

    assertThat(ok("describe", "wd", "described")).contains("Polished").contains("it shines now");
    assertThat(ok("get", "events"))
        .containsPattern("LAST SEEN +TYPE +REASON +OBJECT +MESSAGE")
        .containsPattern("Normal +Polished +widget/described +it shines now");
    assertThat(ok("events", "--for", "widget/described")).contains("Polished");
  }

  @Test
  void patchesInThreeWays() {
    calls.post(Widgets.PATH, widget("patched"));
    ok("patch", "wd", "patched", "--type=merge", "-p", "{\"spec\":{\"size\":8}}");
    ok(
        "patch",
        "wd",
        "patched",
        "--type=json",
        "-p",
        "[{\"op\":\"add\",\"path\":\"/spec/tags\",\"value\":[\"t\"]}]");
    assertThat(ok("get", "wd", "patched", "-o", "jsonpath={.spec.size}{.spec.tags}"))
        .isEqualTo("8[\"t\"]");

    ok("create", "cm", "strategic", "--from-literal=a=1");
    ok("patch", "cm", "strategic", "-p", "{\"data\":{\"b\":\"2\"}}");
    assertThat(ok("get", "cm", "strategic", "-o", "jsonpath={.data}"))
        .isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
  }

  @Test
  void editsInAnEditor() {
    calls.post(Widgets.PATH, widget("edited"));

    Said edited =
        kubectl.run("", Map.of("EDITOR", "sed -i s/size:.7/size:\\ 17/"), "edit", "wd", "edited");

    assertThat(edited.text()).contains("edited");
    assertThat(calls.get(path("edited")).body().at("/spec/size").asInt()).isEqualTo(17);
  }

  @Test
  void explainsTheSchema() {
    assertThat(ok("explain", "widget.spec"))
        .contains("What the user wants.")
        .containsPattern("source\\s+<Object> -required-")
        .contains("enum: red, green, blue");
    assertThat(ok("explain", "widget", "--recursive")).contains("retries");
    assertThat(ok("explain", "configmap")).contains("binaryData");
  }

  @Test
  void labelsAndAnnotates() {
    calls.post(Widgets.PATH, widget("marked"));
    ok("label", "wd", "marked", "tier=web");
    ok("annotate", "wd", "marked", "note=well");

    assertThat(ok("get", "wd", "-l", "tier in (web,db)", "-o", "name"))
        .contains("widget.example.dev/marked");
    assertThat(ok("get", "wd", "marked", "-o", "jsonpath={.metadata.annotations.note}"))
        .isEqualTo("well");
  }

  @Test
  void createsWhatItSendsAsProtobuf() {
    ok("create", "namespace", "made");
    ok("-n", "made", "create", "configmap", "c", "--from-literal=a=1");
    ok("-n", "made", "create", "secret", "generic", "s", "--from-literal=password=secret");
    ok("-n", "made", "create", "serviceaccount", "sa");
    ok("-n", "made", "create", "role", "r", "--verb=get", "--resource=secrets");
    ok("-n", "made", "create", "rolebinding", "rb", "--role=r", "--user=ann");

    assertThat(ok("-n", "made", "get", "secret", "s", "-o", "jsonpath={.data.password}"))
        .isEqualTo("c2VjcmV0");
    assertThat(ok("-n", "made", "get", "cm,secret,sa,role,rolebinding"))
        .containsPattern("secret/s +Opaque +1 ")
        .containsPattern("rolebinding.rbac.authorization.k8s.io/rb +Role/r ");
    assertThat(ok("auth", "can-i", "create", "widgets")).contains("yes");
  }

  @Test
  void deletingANamespaceWaitsForItsContents() {
    ok("create", "namespace", "doomed");
    ok("-n", "doomed", "create", "configmap", "c", "--from-literal=a=1");

    assertThat(ok("delete", "namespace", "doomed")).contains("deleted");
    assertThat(calls.get("/api/v1/namespaces/doomed").code()).isEqualTo(404);
    assertThat(calls.get("/api/v1/namespaces/doomed/configmaps/c").code()).isEqualTo(404);
  }

  @Test
  void readsLongListsInChunks() {
    for (int i = 0; i < 7; i++) {
      calls.post(
          Widgets.PATH, withMetadata("\"name\":\"chunk-" + i + "\",\"labels\":{\"c\":\"x\"}", ""));
    }

    assertThat(ok("get", "wd", "-l", "c=x", "--chunk-size=2", "-o", "name").lines()).hasSize(7);
  }

  private String apply(String manifest, String... options) {
    String[] arguments = new String[options.length + 3];
    arguments[0] = "apply";
    arguments[1] = "-f";
    arguments[2] = "-";
    System.arraycopy(options, 0, arguments, 3, options.length);
    Said said = kubectl.run(manifest, Map.of(), arguments);
    assertThat(said.exit()).as(said.text()).isZero();
    return said.text();
  }

  private String ok(String... arguments) {
    Said said = kubectl.run(arguments);
    assertThat(said.exit()).as(said.text()).isZero();
    return said.text();
  }

  /** A widget in YAML; adds a source to its spec, which is a flow mapping. */
  private static String manifest(String name, String spec) {
    return """
    apiVersion: example.dev/v1
    kind: Widget
    metadata: {name: %s}
    spec: %s
    """
        .formatted(name, spec.replace("{", "{source: {web: {url: x}}, ").replace(", }", "}"));
  }
}
