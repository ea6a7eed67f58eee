package dev.darkroom.e2e.apiserver;

import static dev.darkroom.e2e.apiserver.Widgets.configuration;
import static dev.darkroom.e2e.apiserver.Widgets.path;
import static dev.darkroom.e2e.apiserver.Widgets.widget;
import static dev.darkroom.e2e.apiserver.Widgets.withMetadata;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.darkroom.e2e.apiserver.Calls.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Server-side apply and the owners of fields. */
class ServerSideApplyTest extends OnApiServer {
  private static final String SOURCE = "\"source\":{\"web\":{\"url\":\"x\"}}";

  @Test
  void createsAnAbsentObject() {
    Reply applied = apply("new", "ann", SOURCE + ",\"size\":3");

    assertThat(applied.code()).isEqualTo(201);
    assertThat(applied.body().at("/spec/size").asInt()).isEqualTo(3);
    assertThat(owned(applied, "ann"))
        .isEqualTo("{\"f:spec\":{\"f:size\":{},\"f:source\":{\"f:web\":{\"f:url\":{}}}}}");
  }

  @Test
  void refusesToChangeFieldsOfOtherManagersUnlessForced() {
    apply("contested", "ann", SOURCE + ",\"size\":3");

    Reply refused = apply("contested", "bob", "\"size\":4");
    Reply forced =
        calls.apply(
            path("contested") + "?fieldManager=bob&force=true",
            configuration("contested", "\"size\":4"));

    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.message())
        .isEqualTo("Apply failed with 1 conflict: conflict with \"ann\": .spec.size");
    assertThat(forced.body().at("/spec/size").asInt()).isEqualTo(4);
    assertThat(owned(forced, "bob")).isEqualTo("{\"f:spec\":{\"f:size\":{}}}");
    assertThat(owned(forced, "ann")).doesNotContain("f:size");
  }

  @Test
  void twoManagersMayOwnTheSameValue() {
    apply("shared", "ann", SOURCE + ",\"size\":3");

    Reply second = apply("shared", "bob", "\"size\":3");
    Reply dropped = apply("shared", "ann", SOURCE);

    assertThat(second.code()).isEqualTo(200);
    assertThat(dropped.body().at("/spec/size").asInt()).isEqualTo(3);
  }

  @Test
  void aFieldThatIsNoLongerAppliedIsRemoved() {
    apply(
        "shrinking", "ann", SOURCE + ",\"label\":\"abc\",\"properties\":{\"a\":\"1\",\"b\":\"2\"}");

    Reply applied = apply("shrinking", "ann", SOURCE + ",\"properties\":{\"a\":\"1\"}");

    assertThat(applied.body().path("spec").has("label")).isFalse();
    assertThat(applied.body().at("/spec/properties").toString()).isEqualTo("{\"a\":\"1\"}");
  }

  @Test
  void listsWithKeysAreMergedByElement() {
    apply("ports", "ann", SOURCE + ",\"ports\":[{\"name\":\"a\",\"port\":1}],\"tags\":[\"x\"]");

    apply("ports", "bob", "\"ports\":[{\"name\":\"b\",\"port\":2}],\"tags\":[\"y\"]");
    Reply dropped = apply("ports", "ann", SOURCE);

    assertThat(dropped.body().at("/spec/ports").toString())
        .isEqualTo("[{\"name\":\"b\",\"port\":2}]");
    assertThat(dropped.body().at("/spec/tags").toString()).isEqualTo("[\"y\"]");
  }

  @Test
  void anApplyThatChangesNothingIsNoWrite() {
    Reply first = apply("same", "ann", SOURCE);

    Reply second = apply("same", "ann", SOURCE);

    assertThat(second.body()).isEqualTo(first.body());
  }

  @Test
  void statusAndSpecHaveSeparateOwners() {
    apply("split", "ann", SOURCE);

    Reply applied =
        calls.apply(
            path("split") + "/status?fieldManager=ann",
            """
            {"apiVersion":"example.dev/v1","kind":"Widget","metadata":{"name":"split",
             "labels":{"no":"no"}},"spec":{"size":99},"status":{"phase":"up",
             "conditions":[{"type":"Ready","status":"True"}]}}""");

    assertThat(applied.code()).isEqualTo(200);
    assertThat(applied.body().at("/spec/size").asInt()).isEqualTo(7);
    assertThat(applied.body().at("/metadata").has("labels")).isFalse();
    JsonNode entry = applied.body().at("/metadata/managedFields/1");
    assertThat(entry.path("subresource").asText()).isEqualTo("status");
    assertThat(entry.path("fieldsV1").toString())
        .isEqualTo(
            "{\"f:status\":{\"f:conditions\":{\"k:{\\\"type\\\":\\\"Ready\\\"}\":{\".\":{},"
                + "\"f:status\":{},\"f:type\":{}}},\"f:phase\":{}}}");
  }

  @Test
  void otherWritesTakeOwnershipWithoutConflict() {
    apply("taken", "ann", SOURCE + ",\"size\":3");

    Reply patched = calls.merge(path("taken") + "?fieldManager=eve", "{\"spec\":{\"size\":5}}");

    assertThat(owned(patched, "ann")).doesNotContain("f:size");
    assertThat(owned(patched, "eve")).isEqualTo("{\"f:spec\":{\"f:size\":{}}}");
  }

  @Test
  void theUserAgentIsTheDefaultManagerOfAnUpdate() {
    Reply created = calls.post(Widgets.PATH, widget("agent"));

    assertThat(managers(created)).containsExactly("calls Update");
  }

  @Test
  void oneEmptyEntryRemovesAllManagers() {
    calls.post(Widgets.PATH, widget("forgetful"));

    Reply patched = calls.merge(path("forgetful"), "{\"metadata\":{\"managedFields\":[{}]}}");

    assertThat(managers(patched)).isEmpty();
  }

  @Test
  void finalizersAndOwnersAreMergedToo() {
    calls.post(Widgets.PATH, withMetadata("\"name\":\"meta\",\"finalizers\":[\"a.b/c\"]", ""));

    Reply applied =
        calls.apply(
            path("meta") + "?fieldManager=ann",
            """
            {"apiVersion":"example.dev/v1","kind":"Widget",
             "metadata":{"name":"meta","finalizers":["a.b/d"]}}""");
    Reply dropped =
        calls.apply(
            path("meta") + "?fieldManager=ann",
            """
            {"apiVersion":"example.dev/v1","kind":"Widget","metadata":{"name":"meta"}}""");

    assertThat(applied.body().at("/metadata/finalizers").toString())
        .isEqualTo("[\"a.b/c\",\"a.b/d\"]");
    assertThat(dropped.body().at("/metadata/finalizers").toString()).isEqualTo("[\"a.b/c\"]");
  }

  @Test
  void worksOnBuiltInKindsAsWell() {
    String path = "/api/v1/namespaces/default/configmaps/applied";
    String body = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {a: '1'%s}\n";

    calls.apply(path + "?fieldManager=ann", body.formatted(", b: '2'"));
    Reply applied = calls.apply(path + "?fieldManager=ann", body.formatted(""));

    assertThat(applied.body().path("data").toString()).isEqualTo("{\"a\":\"1\"}");
  }

  private Reply apply(String name, String manager, String spec) {
    return calls.apply(path(name) + "?fieldManager=" + manager, configuration(name, spec));
  }

  private static String owned(Reply reply, String manager) {
    for (JsonNode entry : reply.body().at("/metadata/managedFields")) {
      if (entry.path("manager").asText().equals(manager)) {
        return entry.path("fieldsV1").toString();
      }
    }
    return "";
  }

  private static List<String> managers(Reply reply) {
    List<String> managers = new ArrayList<>();
    for (JsonNode entry : reply.body().at("/metadata/managedFields")) {
      managers.add(entry.path("manager").asText() + " " + entry.path("operation").asText());
    }
    return managers;
  }
}
