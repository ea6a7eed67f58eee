package dev.darkroom.e2e.apiserver;

import static dev.darkroom.e2e.apiserver.Widgets.path;
import static dev.darkroom.e2e.apiserver.Widgets.widget;
import static dev.darkroom.e2e.apiserver.Widgets.withMetadata;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.darkroom.e2e.apiserver.Calls.Reply;
import org.junit.jupiter.api.Test;

/** The life of objects: metadata, generations, conflicts, finalizers, owners, namespaces. */
class ObjectLifecycleTest extends OnApiServer {
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

  @Test
  void aNewObjectGetsItsMetadataAndLosesItsStatus() {
    Reply created =
        calls.post(
            Widgets.PATH,
            widget("born").replace("\"spec\"", "\"status\":{\"phase\":\"x\"},\"spec\""));

    assertThat(created.code()).isEqualTo(201);
    JsonNode metadata = created.body().path("metadata");
    assertThat(metadata.path("uid").asText()).hasSize(36);
    assertThat(metadata.path("creationTimestamp").asText()).endsWith("Z");
    assertThat(metadata.path("resourceVersion").asLong()).isPositive();
    assertThat(metadata.path("generation").asInt()).isEqualTo(1);
    assertThat(created.body().has("status")).isFalse();
  }

  @Test
  void generationCountsChangesOfTheSpecOnly() {
    calls.post(Widgets.PATH, widget("counted"));

    assertThat(generation(calls.merge(path("counted"), "{\"spec\":{\"size\":8}}"))).isEqualTo(2);
    assertThat(generation(calls.merge(path("counted"), labels("a", "b")))).isEqualTo(2);
    Reply status =
        calls.merge(
            path("counted") + "/status",
            "{\"spec\":{\"size\":9},\"metadata\":{\"labels\":{\"no\":\"no\"}},"
                + "\"status\":{\"phase\":\"up\"}}");
    assertThat(generation(status)).isEqualTo(2);
    assertThat(status.body().at("/spec/size").asInt()).isEqualTo(8);
    assertThat(status.body().at("/metadata/labels").has("no")).isFalse();
    assertThat(status.body().at("/status/phase").asText()).isEqualTo("up");
    Reply main = calls.merge(path("counted"), "{\"status\":{\"phase\":\"down\"}}");
    assertThat(main.body().at("/status/phase").asText()).isEqualTo("up");
  }

  @Test
  void aWriteThatChangesNothingKeepsTheResourceVersion() {
    Reply created = calls.post(Widgets.PATH, widget("still", "\"size\":3"));

    Reply patched = calls.merge(path("still"), "{\"spec\":{\"size\":3}}");
    Reply put = calls.put(path("still"), created.body().toString());

    assertThat(version(patched)).isEqualTo(version(created));
    assertThat(version(put)).isEqualTo(version(created));
  }

  @Test
  void mergePatchReplacesListsAndRemovesNulls() {
    calls.post(Widgets.PATH, widget("merged", "\"tags\":[\"a\",\"b\"],\"label\":\"abc\""));

    Reply patched = calls.merge(path("merged"), "{\"spec\":{\"tags\":[\"c\"],\"label\":null}}");

    assertThat(patched.body().at("/spec/tags").toString()).isEqualTo("[\"c\"]");
    assertThat(patched.body().path("spec").has("label")).isFalse();
  }

  @Test
  void strategicMergeKeepsOtherKeysOfBuiltInKinds() {
    calls.post(CONFIG_MAPS, configMap("strategic", ""));

    Reply patched =
        calls.send(
            "PATCH", CONFIG_MAPS + "/strategic", Calls.STRATEGIC, "{\"data\":{\"b\":\"2\"}}");

    assertThat(patched.body().path("data").toString()).isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
  }

  @Test
  void dryRunWritesNothing() {
    assertThat(calls.post(Widgets.PATH + "?dryRun=All", widget("dry")).code()).isEqualTo(201);
    assertThat(calls.get(path("dry")).code()).isEqualTo(404);

    Reply created = calls.post(Widgets.PATH, widget("dry"));
    calls.merge(path("dry") + "?dryRun=All", "{\"spec\":{\"size\":9}}");
    calls.delete(path("dry") + "?dryRun=All");
    assertThat(version(calls.get(path("dry")))).isEqualTo(version(created));
  }

  @Test
  void warnsOfUnknownFieldsUnlessTheyAreIgnored() {
    String body = widget("warned", "\"bogus\":1");

    Reply warned = calls.post(Widgets.PATH + "?dryRun=All", body);
    Reply ignored = calls.post(Widgets.PATH + "?dryRun=All&fieldValidation=Ignore", body);

    assertThat(warned.warnings()).containsExactly("299 - \"unknown field \\\"spec.bogus\\\"\"");
    assertThat(warned.body().path("spec").has("bogus")).isFalse();
    assertThat(ignored.warnings()).isEmpty();
  }

  @Test
  void anObjectIsDeletedAfterItsLastFinalizer() {
    calls.post(
        Widgets.PATH, withMetadata("\"name\":\"held\",\"finalizers\":[\"a.b/c\",\"a.b/d\"]", ""));

    Reply deleted = calls.delete(path("held"));

    assertThat(deleted.body().at("/metadata/deletionTimestamp").asText()).endsWith("Z");
    assertThat(generation(deleted)).isEqualTo(2);
    assertThat(version(calls.delete(path("held")))).isEqualTo(version(deleted));
    assertThat(calls.merge(path("held"), finalizers("\"a.b/c\",\"a.b/d\",\"a.b/e\"")).message())
        .contains("no new finalizers can be added if the object is being deleted");
    Reply undeleted = calls.merge(path("held"), "{\"metadata\":{\"deletionTimestamp\":null}}");
    assertThat(undeleted.body().at("/metadata").has("deletionTimestamp")).isTrue();
    assertThat(calls.merge(path("held"), finalizers("\"a.b/c\"")).code()).isEqualTo(200);
    assertThat(calls.get(path("held")).code()).isEqualTo(200);
    assertThat(calls.merge(path("held"), "{\"metadata\":{\"finalizers\":null}}").code())
        .isEqualTo(200);
    assertThat(calls.get(path("held")).code()).isEqualTo(404);
  }

  @Test
  void deletionAnswersWithAStatusThatNamesTheObject() {
    Reply created = calls.post(Widgets.PATH, widget("told"));

    Reply deleted = calls.delete(path("told"));

    assertThat(deleted.body().path("status").asText()).isEqualTo("Success");
    assertThat(deleted.body().at("/details/uid")).isEqualTo(created.body().at("/metadata/uid"));
  }

  @Test
  void deletesACollectionBySelector() {
    calls.post(Widgets.PATH, withMetadata("\"name\":\"all-1\",\"labels\":{\"set\":\"x\"}", ""));
    calls.post(Widgets.PATH, withMetadata("\"name\":\"all-2\",\"labels\":{\"set\":\"x\"}", ""));
    calls.post(Widgets.PATH, withMetadata("\"name\":\"all-3\",\"labels\":{\"set\":\"y\"}", ""));

    Reply deleted = calls.delete(Widgets.PATH + "?labelSelector=set%3Dx");

    assertThat(deleted.body().path("items")).hasSize(2);
    assertThat(calls.get(path("all-1")).code()).isEqualTo(404);
    assertThat(calls.get(path("all-3")).code()).isEqualTo(200);
  }

  @Test
  void dependentsAreDeletedAfterTheirLastOwner() {
    String first = uid(calls.post(Widgets.PATH, widget("owner-1")));
    String second = uid(calls.post(Widgets.PATH, widget("owner-2")));
    calls.post(
        CONFIG_MAPS, configMap("owned", owner("owner-1", first) + "," + owner("owner-2", second)));

    calls.delete(path("owner-1"));
    calls.post(Widgets.PATH, widget("barrier"));
    calls.delete(path("owner-2"));

    await().until(() -> calls.get(CONFIG_MAPS + "/owned").code() == 404);
  }

  @Test
  void aDependentOfAnAbsentOwnerIsDeleted() {
    calls.post(CONFIG_MAPS, configMap("abandoned", owner("ghost", "no-such-uid")));

    await().until(() -> calls.get(CONFIG_MAPS + "/abandoned").code() == 404);
  }

  @Test
  void aForegroundDeletionWaitsForItsDependents() {
    String uid = uid(calls.post(Widgets.PATH, widget("patient")));
    calls.post(
        CONFIG_MAPS,
        configMap("blocking", owner("patient", uid))
            .replace("\"labels\"", "\"finalizers\":[\"a.b/hold\"],\"labels\""));

    Reply deleted = calls.delete(path("patient") + "?propagationPolicy=Foreground");

    assertThat(deleted.body().at("/metadata/finalizers/0").asText())
        .isEqualTo("foregroundDeletion");
    await()
        .until(
            () ->
                calls
                    .get(CONFIG_MAPS + "/blocking")
                    .body()
                    .at("/metadata")
                    .has("deletionTimestamp"));
    assertThat(calls.get(path("patient")).code()).isEqualTo(200);
    calls.merge(CONFIG_MAPS + "/blocking", "{\"metadata\":{\"finalizers\":null}}");
    await().until(() -> calls.get(path("patient")).code() == 404);
  }

  @Test
  void anOrphaningDeletionKeepsDependents() {
    String uid = uid(calls.post(Widgets.PATH, widget("parent")));
    calls.post(CONFIG_MAPS, configMap("orphan", owner("parent", uid)));

    calls.delete(path("parent") + "?propagationPolicy=Orphan");

    await().until(() -> calls.get(path("parent")).code() == 404);
    assertThat(calls.get(CONFIG_MAPS + "/orphan").body().path("metadata").has("ownerReferences"))
        .isFalse();
  }

  @Test
  void aNamespaceIsDeletedAfterItsObjects() {
    calls.post("/api/v1/namespaces", namespace("leaving"));
    calls.post(
        "/apis/example.dev/v1/namespaces/leaving/widgets",
        withMetadata("\"name\":\"last\",\"finalizers\":[\"a.b/c\"]", ""));
    calls.post("/api/v1/namespaces/leaving/configmaps", configMap("plain", ""));

    Reply deleted = calls.delete("/api/v1/namespaces/leaving");

    assertThat(deleted.body().at("/status/phase").asText()).isEqualTo("Terminating");
    assertThat(deleted.body().at("/spec/finalizers/0").asText()).isEqualTo("kubernetes");
    Reply refused = calls.post("/api/v1/namespaces/leaving/configmaps", configMap("late", ""));
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message()).contains("because it is being terminated");
    String last = "/apis/example.dev/v1/namespaces/leaving/widgets/last";
    await().until(() -> calls.get(last).body().at("/metadata").has("deletionTimestamp"));
    assertThat(calls.get("/api/v1/namespaces/leaving").code()).isEqualTo(200);
    calls.merge(last, "{\"metadata\":{\"finalizers\":null}}");
    await().until(() -> calls.get("/api/v1/namespaces/leaving").code() == 404);
  }

  @Test
  void aSecretStoresStringDataAsData() {
    Reply created =
        calls.post(
            "/api/v1/namespaces/default/secrets",
            """
            {"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"data":{"a":"MQ=="},
             "stringData":{"b":"2"}}""");

    assertThat(created.body().path("data").toString()).isEqualTo("{\"a\":\"MQ==\",\"b\":\"Mg==\"}");
    assertThat(created.body().has("stringData")).isFalse();
    assertThat(created.body().path("type").asText()).isEqualTo("Opaque");
  }

  @Test
  void anEventIsTheSameInBothGroups() {
    calls.post(
        "/api/v1/namespaces/default/events",
        """
        {"apiVersion":"v1","kind":"Event","metadata":{"name":"e"},"reason":"Done","message":"well",
         "involvedObject":{"kind":"Widget","name":"w"},"type":"Normal"}""");

    JsonNode event = calls.get("/apis/events.k8s.io/v1/namespaces/default/events/e").body();

    assertThat(event.path("note").asText()).isEqualTo("well");
    assertThat(event.at("/regarding/name").asText()).isEqualTo("w");
    assertThat(
            calls
                .get("/api/v1/events?fieldSelector=involvedObject.name%3Dw,reason%3DDone")
                .body()
                .path("items"))
        .hasSize(1);
  }

  private static int generation(Reply reply) {
    return reply.body().at("/metadata/generation").asInt();
  }

  private static String version(Reply reply) {
    return reply.body().at("/metadata/resourceVersion").asText();
  }

  private static String uid(Reply reply) {
    return reply.body().at("/metadata/uid").asText();
  }

  private static String labels(String key, String value) {
    return "{\"metadata\":{\"labels\":{\"" + key + "\":\"" + value + "\"}}}";
  }

  private static String finalizers(String list) {
    return "{\"metadata\":{\"finalizers\":[" + list + "]}}";
  }

  private static String namespace(String name) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\""
        + name
        + "\"}}";
  }

  private static String owner(String name, String uid) {
    return "{\"apiVersion\":\"example.dev/v1\",\"kind\":\"Widget\",\"blockOwnerDeletion\":true,"
        + "\"name\":\""
        + name
        + "\",\"uid\":\""
        + uid
        + "\"}";
  }

  private static String configMap(String name, String owners) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"data\":{\"a\":\"1\"},\"metadata\":{"
        + "\"labels\":{},\"name\":\""
        + name
        + "\",\"ownerReferences\":["
        + owners
        + "]}}";
  }
}
