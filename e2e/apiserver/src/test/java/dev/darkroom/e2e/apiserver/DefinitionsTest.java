package dev.darkroom.e2e.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.darkroom.e2e.apiserver.Calls.Reply;
import dev.darkroom.e2e.apiserver.model.ApiException;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CRDs: serving, refusal of invalid CRDs, deletion with all objects; and discovery. */
class DefinitionsTest extends OnApiServer {
  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

  @Test
  void aDefinitionFromAClientIsServedAtOnce() {
    Reply created = apply("gadgets", definition("gadget"));

    assertThat(created.code()).isEqualTo(201);
    assertThat(created.body().at("/status/conditions").findValuesAsText("type"))
        .containsExactly("Established", "NamesAccepted");
    assertThat(created.body().at("/spec/names/listKind").asText()).isEqualTo("GadgetList");
    assertThat(calls.get("/apis/example.dev/v1/gadgets").code()).isEqualTo(200);
  }

  @Test
  void deletingADefinitionDeletesItsObjects() {
    apply("gizmos", definition("gizmo"));
    String gizmos = "/apis/example.dev/v1/namespaces/default/gizmos";
    calls.post(
        gizmos,
        Widgets.withMetadata("\"name\":\"g\",\"finalizers\":[\"a.b/c\"]", "")
            .replace("Widget", "Gizmo"));

    calls.delete(DEFINITIONS + "/gizmos.example.dev");

    await().until(() -> calls.get(gizmos + "/g").body().at("/metadata").has("deletionTimestamp"));
    assertThat(calls.get(DEFINITIONS + "/gizmos.example.dev").code()).isEqualTo(200);
    calls.merge(gizmos + "/g", "{\"metadata\":{\"finalizers\":null}}");
    await().until(() -> calls.get(DEFINITIONS + "/gizmos.example.dev").code() == 404);
    assertThat(calls.get(gizmos).code()).isEqualTo(404);
  }

  @Test
  void aChangedDefinitionAppliesToTheNextWrite() {
    apply("gears", definition("gear"));
    String body = Widgets.widget("g", "\"size\":500").replace("Widget", "Gear");
    String gears = "/apis/example.dev/v1/namespaces/default/gears";
    assertThat(calls.post(gears, body).code()).isEqualTo(422);

    apply("gears", definition("gear").replace("maximum: 100", "maximum: 1000"));

    assertThat(calls.post(gears, body).code()).isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "self == oldSelf|self ==|mismatched input",
        "self == oldSelf|self.nope == 1|compilation failed",
        "!has(oldSelf.colour)|!has(oldSelf.clour)|undefined field 'clour'",
        "self == oldSelf|'size(self)'|must evaluate to a bool",
        "pattern: '^[a-z]+$'|pattern: '('|must be a valid regular expression",
        "storage: true|storage: false|exactly one version",
        "type: boolean|type: bool|Unsupported value: \"bool\"",
        "jsonPath: .status.started|jsonPath: .status..started|unsupported JSONPath",
        "scope: Namespaced|scope: Global|spec.scope: Unsupported value"
      })
  void anInvalidDefinitionIsRefused(String part, String broken, String says) {
    Reply refused = apply("brokens", definition("broken").replace(part, broken));

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message()).contains(says);
    assertThat(calls.get("/apis/example.dev/v1/brokens").code()).isEqualTo(404);
  }

  @Test
  void installReportsTheError() {
    assertThatThrownBy(
            () -> server.install(definition("bad").replace("self == oldSelf", "self ==")))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("mismatched input");
  }

  @Test
  void discoveryListsTheServedResources() {
    JsonNode group = calls.get("/apis/example.dev").body();
    JsonNode resources = calls.get("/apis/example.dev/v1").body().path("resources");

    assertThat(group.at("/preferredVersion/groupVersion").asText()).isEqualTo("example.dev/v1");
    assertThat(resources.findValuesAsText("name")).contains("widgets", "widgets/status");
    assertThat(resources.get(0).path("shortNames").get(0).asText()).isEqualTo("wd");
    assertThat(calls.get("/api/v1").body().path("resources").findValuesAsText("name"))
        .contains("namespaces", "secrets", "configmaps", "events", "serviceaccounts");
    assertThat(calls.get("/apis").body().path("groups").findValuesAsText("name"))
        .contains("coordination.k8s.io", "events.k8s.io", "rbac.authorization.k8s.io");
  }

  @Test
  void healthAndVersionAnswer() {
    assertThat(calls.get("/readyz").body().asText()).isEqualTo("ok");
    assertThat(calls.get("/version").body().path("gitVersion").asText()).endsWith("-darkroom");
    assertThat(calls.get("/nowhere").code()).isEqualTo(404);
  }

  @Test
  void openApiDocumentsContainTheSchema() {
    JsonNode paths = calls.get("/openapi/v3").body().path("paths");
    String address = paths.at("/apis~1example.dev~1v1/serverRelativeURL").asText();

    JsonNode schema = calls.get(address).body().at("/components/schemas/example.dev.v1.Widget");

    assertThat(schema.at("/properties/spec/properties/colour/description").asText())
        .isEqualTo("The colour of the widget.");
    assertThat(schema.at("/x-kubernetes-group-version-kind/0/kind").asText()).isEqualTo("Widget");
  }

  @Test
  void theClientAppliesDefinitionsAndReadsTheVersion() {
    try (KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(server.kubeconfig()))
            .build()) {
      client
          .load(new ByteArrayInputStream(definition("cog").getBytes(StandardCharsets.UTF_8)))
          .serverSideApply();

      assertThat(client.genericKubernetesResources("example.dev/v1", "Cog").list().getItems())
          .isEmpty();
      assertThat(client.getKubernetesVersion().getMajor()).isEqualTo("1");
    }
  }

  private Reply apply(String plural, String definition) {
    return calls.apply(
        DEFINITIONS + "/" + plural + ".example.dev?fieldManager=test&force=true", definition);
  }

  /** The CRD of widgets under another name. */
  private static String definition(String singular) {
    String kind = Character.toUpperCase(singular.charAt(0)) + singular.substring(1);
    return Widgets.definition()
        .replace("Widget", kind)
        .replace("widget", singular)
        .replace("[wd]", "[" + singular + "x]");
  }
}
