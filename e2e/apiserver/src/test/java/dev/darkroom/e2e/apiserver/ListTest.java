package dev.darkroom.e2e.apiserver;

import static dev.darkroom.e2e.apiserver.Widgets.withMetadata;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.darkroom.e2e.apiserver.Calls.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists: selectors, pages, tables. */
class ListTest extends OnApiServer {
  private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

  @BeforeAll
  void createWidgets() {
    calls.post(
        Widgets.PATH,
        withMetadata(
            "\"name\":\"a\",\"labels\":{\"tier\":\"web\",\"x\":\"1\"}", "\"colour\":\"red\""));
    calls.post(
        Widgets.PATH,
        withMetadata("\"name\":\"b\",\"labels\":{\"tier\":\"db\"}", "\"colour\":\"blue\""));
    calls.post(
        Widgets.PATH,
        withMetadata("\"name\":\"c\",\"labels\":{\"x\":\"2\"}", "\"colour\":\"red\""));
    calls.post(
        "/api/v1/namespaces",
        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"other\"}}");
    calls.post("/apis/example.dev/v1/namespaces/other/widgets", withMetadata("\"name\":\"d\"", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tier=web|a",
        "tier==web|a",
        "tier!=web|b c",
        "tier in (web, db)|a b",
        "tier notin (web)|b c",
        "tier|a b",
        "!tier|c",
        "tier in (web),x=1|a",
        "x,tier!=web|c"
      })
  void selectsByLabels(String selector, String names) {
    assertThat(names(calls.get(Widgets.PATH + "?labelSelector=" + encoded(selector))))
        .containsExactly(names.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "metadata.name=b|b",
        "metadata.name!=b|a c",
        "spec.colour=red|a c",
        "spec.colour=red,metadata.name!=a|c",
        "metadata.namespace=default|a b c"
      })
  void selectsByFields(String selector, String names) {
    assertThat(names(calls.get(Widgets.PATH + "?fieldSelector=" + encoded(selector))))
        .containsExactly(names.split(" "));
  }

  @Test
  void listsOneNamespaceOrAll() {
    assertThat(names(calls.get(Widgets.PATH))).containsExactly("a", "b", "c");
    assertThat(names(calls.get("/apis/example.dev/v1/widgets")))
        .containsExactly("a", "b", "c", "d");
  }

  @Test
  void pagesShowTheStateOfTheFirstPage() {
    Reply first = calls.get(Widgets.PATH + "?limit=2");
    String token = first.body().at("/metadata/continue").asText();
    calls.post(Widgets.PATH, withMetadata("\"name\":\"b2\"", ""));
    Reply second = calls.get(Widgets.PATH + "?limit=2&continue=" + token);
    calls.delete(Widgets.path("b2"));

    assertThat(names(first)).containsExactly("a", "b");
    assertThat(first.body().at("/metadata/remainingItemCount").asInt()).isEqualTo(1);
    assertThat(names(second)).containsExactly("c");
    assertThat(second.body().at("/metadata/continue").asText()).isEmpty();
    assertThat(second.body().at("/metadata/resourceVersion"))
        .isEqualTo(first.body().at("/metadata/resourceVersion"));
  }

  @Test
  void anUnknownContinueTokenIsExpired() {
    Reply gone = calls.get(Widgets.PATH + "?continue=00000000-0000-0000-0000-000000000000");

    assertThat(gone.code()).isEqualTo(410);
    assertThat(gone.body().path("reason").asText()).isEqualTo("Expired");
  }

  @Test
  void tablesHaveTheColumnsOfTheDefinition() {
    calls.merge(
        Widgets.path("a") + "/status",
        """
        {"status":{"started":"2001-01-01T00:00:00Z",
         "conditions":[{"type":"Ready","status":"False"}]}}""");

    JsonNode table = calls.send("GET", Widgets.path("a"), "", "", TABLE).body();

    assertThat(table.path("kind").asText()).isEqualTo("Table");
    assertThat(table.path("columnDefinitions").findValuesAsText("name"))
        .containsExactly("Name", "Colour", "Size", "Loud", "Ready", "Started", "Origin", "Age");
    JsonNode cells = table.at("/rows/0/cells");
    assertThat(cells.get(0).asText()).isEqualTo("a");
    assertThat(cells.get(2).isInt()).isTrue();
    assertThat(cells.get(3).isBoolean()).isTrue();
    assertThat(cells.get(4).asText()).isEqualTo("False");
    assertThat(cells.get(5).asText()).matches("\\d+y");
    assertThat(table.at("/columnDefinitions/6/priority").asInt()).isEqualTo(1);
    assertThat(table.at("/rows/0/object/kind").asText()).isEqualTo("PartialObjectMetadata");
  }

  @Test
  void aMissingValueIsAnEmptyCell() {
    JsonNode table = calls.send("GET", Widgets.path("b"), "", "", TABLE).body();

    assertThat(table.at("/rows/0/cells/4").isNull()).isTrue();
  }

  @Test
  void listsMetadataOnlyOnRequest() {
    JsonNode list =
        calls
            .send(
                "GET",
                Widgets.PATH,
                "",
                "",
                "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io")
            .body();

    assertThat(list.path("kind").asText()).isEqualTo("PartialObjectMetadataList");
    assertThat(list.at("/items/0").has("spec")).isFalse();
    assertThat(list.at("/items/0/metadata/labels/tier").asText()).isEqualTo("web");
  }

  @Test
  void refusesToAnswerInCbor() {
    assertThat(calls.send("GET", Widgets.PATH, "", "", "application/cbor").code()).isEqualTo(406);
  }

  private static List<String> names(Reply list) {
    List<String> names = new ArrayList<>();
    list.body().path("items").forEach(item -> names.add(item.at("/metadata/name").asText()));
    return names;
  }

  private static String encoded(String selector) {
    return URLEncoder.encode(selector, StandardCharsets.UTF_8);
  }
}
