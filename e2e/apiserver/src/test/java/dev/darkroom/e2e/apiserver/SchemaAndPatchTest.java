package dev.darkroom.e2e.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.fields.MergePatch;
import dev.darkroom.e2e.apiserver.fields.StrategicMergePatch;
import dev.darkroom.e2e.apiserver.model.FieldError;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.model.JsonPath;
import dev.darkroom.e2e.apiserver.schema.Defaults;
import dev.darkroom.e2e.apiserver.schema.Pruning;
import dev.darkroom.e2e.apiserver.schema.Schema;
import dev.darkroom.e2e.apiserver.schema.SchemaCompiler;
import dev.darkroom.e2e.apiserver.schema.Validation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas and patches, tested without a server. */
class SchemaAndPatchTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{a: b}|{a: c}|{a: c}",
        "{a: b}|{b: c}|{a: b, b: c}",
        "{a: b}|{a: null}|{}",
        "{a: b, b: c}|{a: null}|{b: c}",
        "{a: [b]}|{a: c}|{a: c}",
        "{a: c}|{a: [b]}|{a: [b]}",
        "{a: {b: c}}|{a: {b: d, c: null}}|{a: {b: d}}",
        "{a: [{b: c}]}|{a: [1]}|{a: [1]}",
        "{e: null}|{a: 1}|{e: null, a: 1}",
        "{}|{a: {bb: {ccc: null}}}|{a: {bb: {}}}",
        "[a, b]|{a: b}|{a: b}",
        "{a: foo}|bar|bar"
      })
  void mergePatchGivesTheResultsOfTheRfc(String target, String patch, String result) {
    assertThat(MergePatch.apply(yaml(target), yaml(patch))).isEqualTo(yaml(result));
  }

  @Test
  void strategicMergeMergesListsThatHaveKeys() {
    Schema schema =
        compiled(
            """
            type: object
            properties:
              owners:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [uid]
                items: {type: object, properties: {uid: {type: string}, n: {type: integer}}}
              names: {type: array, x-kubernetes-list-type: set, items: {type: string}}
              plain: {type: array, items: {type: string}}
            """);

    JsonNode merged =
        StrategicMergePatch.apply(
            yaml("{owners: [{uid: a, n: 1}, {uid: b}], names: [x, y], plain: [p]}"),
            yaml(
                "{owners: [{uid: a, n: 2}, {uid: b, $patch: delete}, {uid: c}], names: [z],"
                    + " $deleteFromPrimitiveList/names: [x], plain: [q]}"),
            schema);

    assertThat(merged.path("owners")).isEqualTo(yaml("[{uid: a, n: 2}, {uid: c}]"));
    assertThat(merged.path("plain")).isEqualTo(yaml("[q]"));
    assertThat(Json.texts(merged, "names")).contains("y", "z").doesNotContain("x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "self.list.isSorted()",
        "self.list.sum() == 6",
        "self.list.indexOf(2) == 1",
        "self.list.exists(x, x > 2) && self.list.all(x, x < 4)",
        "self.map.all(k, k.startsWith('a'))",
        "self.text.matches('^[a-z]+-[0-9]+$')",
        "self.text.find('[0-9]+') == '42'",
        "'a1b2'.findAll('[0-9]') == ['1', '2']",
        "self.text.split('-')[1] == '42'",
        "url('https://u@h.org:8443/p?q').getHost() == 'h.org:8443'",
        "url('https://h.org:8443/p').getHostname() == 'h.org'",
        "url('https://h.org:8443/p').getPort() == '8443'",
        "url('https://h.org/a%20b').getEscapedPath() == '/a%20b'",
        "isURL('/p') && !isURL('p')",
        "quantity('1Gi').compareTo(quantity('1024Mi')) == 0",
        "quantity('1.5k').asInteger() == 1500",
        "quantity('100m').add(quantity('900m')).isInteger()",
        "isIP('::1') && !isIP('1.2.3')",
        "self.when > timestamp('2020-01-01T00:00:00Z')",
        "self.?gone.orValue(5) == 5",
        "!has(self.gone) && has(self.text)",
        "self.dash__dash__ed == 'x'",
        "self.__namespace__ == 'n'",
        "type(self.either) == int ? self.either > 1 : false",
        "self.free.a.b == 1"
      })
  void rulesKnowTheFunctionsOfKubernetes(String rule) {
    assertThat(errors(rule)).isEmpty();
  }

  @Test
  void aRuleThatFailsAtRunTimeReportsTheCause() {
    assertThat(errors("self.gone > 5"))
        .singleElement()
        .satisfies(
            error -> assertThat(error.message()).contains("gone").contains("evaluating rule"));
  }

  @Test
  void anOptionalOldValueRunsOnCreateToo() {
    Schema schema =
        compiled(
            """
            type: object
            x-kubernetes-validations:
            - rule: "oldSelf.hasValue() ? self.n > oldSelf.value().n : self.n == 1"
              optionalOldSelf: true
              message: must grow from 1
              fieldPath: .n
            properties: {n: {type: integer}}
            """);

    assertThat(check("{n: 1}", Optional.empty(), schema)).isEmpty();
    assertThat(check("{n: 2}", Optional.of("{n: 1}"), schema)).isEmpty();
    assertThat(check("{n: 2}", Optional.empty(), schema))
        .containsExactly(
            new FieldError(FieldError.Type.INVALID, "n", "Invalid value: must grow from 1"));
  }

  @Test
  void anUpdateIsNotRefusedForUnchangedErrors() {
    Schema schema =
        compiled(
            """
            type: object
            properties: {a: {type: integer, maximum: 5}, b: {type: integer}}
            """);

    assertThat(check("{a: 9, b: 2}", Optional.of("{a: 9, b: 1}"), schema)).isEmpty();
    assertThat(check("{a: 8}", Optional.of("{a: 9}"), schema)).hasSize(1);
  }

  @Test
  void oldSelfIsRefusedBelowListsWithoutKeys() {
    SchemaCompiler.Compiled compiled =
        SchemaCompiler.compile(
            yaml(
                """
                type: array
                items: {type: string, x-kubernetes-validations: [{rule: self == oldSelf}]}
                """),
            "schema");

    assertThat(compiled.errors())
        .singleElement()
        .satisfies(error -> assertThat(error.message()).contains("uncorrelatable"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "oneOf: [{required: [a]}, {required: [b]}]|{a: 1, b: 1}|one and only one",
        "anyOf: [{required: [a]}, {required: [b]}]|{c: 1}|at least one",
        "allOf: [{required: [a]}, {required: [b]}]|{a: 1}|all the schemas",
        "not: {required: [a]}|{a: 1}|must not validate"
      })
  void combinedValidationsAreChecked(String junctor, String value, String says) {
    Schema schema =
        compiled("type: object\nx-kubernetes-preserve-unknown-fields: true\n" + junctor);

    assertThat(check(value, Optional.empty(), schema))
        .singleElement()
        .satisfies(error -> assertThat(error.message()).contains(says));
  }

  @Test
  void defaultsApplyInListsAndMapsButNotInAbsentObjects() {
    Schema schema =
        compiled(
            """
            type: object
            properties:
              list: {type: array, items: {type: object, properties: {n: {type: integer, default: 1}}}}
              map:
                type: object
                additionalProperties: {type: object, properties: {n: {type: integer, default: 2}}}
              absent: {type: object, properties: {n: {type: integer, default: 3}}}
              empty: {type: object, default: {}, properties: {n: {type: integer, default: 4}}}
            """);
    JsonNode value = yaml("{list: [{}], map: {k: {}}}");

    Defaults.apply(value, schema);

    assertThat(value).isEqualTo(yaml("{list: [{n: 1}], map: {k: {n: 2}}, empty: {n: 4}}"));
  }

  @Test
  void pruningReportsTheRemovedPaths() {
    Schema schema =
        compiled(
            """
            type: object
            properties:
              list: {type: array, items: {type: object, properties: {a: {type: string}}}}
              free: {type: object, x-kubernetes-preserve-unknown-fields: true}
            """);
    JsonNode value = yaml("{list: [{a: x, b: y}], free: {any: thing}, top: 1}");

    List<String> removed = Pruning.apply(value, schema);

    assertThat(removed).containsExactlyInAnyOrder("list[0].b", "top");
    assertThat(value).isEqualTo(yaml("{list: [{a: x}], free: {any: thing}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ".a.b|1",
        ".list[0].n|x",
        ".list[*].n|x y",
        ".list[?(@.n==\"y\")].v|2",
        ".dotted\\.name|3",
        "['dotted.name']|3",
        ".nothing.here|''"
      })
  void jsonPathsFindTheValuesOfPrinterColumns(String path, String found) {
    JsonNode root = yaml("{a: {b: 1}, list: [{n: x, v: 1}, {n: y, v: 2}], dotted.name: 3}");

    assertThat(JsonPath.compile(path).find(root).stream().map(JsonNode::asText))
        .containsExactly(found.isEmpty() ? new String[0] : found.split(" "));
  }

  private static List<FieldError> errors(String rule) {
    ObjectNode schema =
        (ObjectNode)
            yaml(
                """
                type: object
                properties:
                  list: {type: array, items: {type: integer}}
                  map: {type: object, additionalProperties: {type: string}}
                  text: {type: string}
                  when: {type: string, format: date-time}
                  gone: {type: integer}
                  dash-ed: {type: string}
                  namespace: {type: string}
                  either: {x-kubernetes-int-or-string: true}
                  free: {type: object, x-kubernetes-preserve-unknown-fields: true}
                """);
    schema.putArray("x-kubernetes-validations").addObject().put("rule", rule);
    return check(
        "{list: [1, 2, 3], map: {a: x, ab: y}, text: item-42, when: '2026-01-01T00:00:00Z',"
            + " dash-ed: x, namespace: n, either: 2, free: {a: {b: 1}}}",
        Optional.empty(),
        compiled(schema));
  }

  private static List<FieldError> check(String value, Optional<String> before, Schema schema) {
    return Validation.check(yaml(value), before.map(SchemaAndPatchTest::yaml), schema, List.of());
  }

  private static Schema compiled(String schema) {
    return compiled(yaml(schema));
  }

  private static Schema compiled(JsonNode schema) {
    SchemaCompiler.Compiled compiled = SchemaCompiler.compile(schema, "schema");
    assertThat(compiled.errors()).isEmpty();
    return compiled.schema();
  }

  private static JsonNode yaml(String text) {
    return Json.parseYaml(text.getBytes(StandardCharsets.UTF_8));
  }
}
