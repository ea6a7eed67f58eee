package dev.darkroom.e2e.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.FieldError;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.schema.Schema.ListType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks a value against a schema. Checks every node by itself first, then runs the CEL rules,
 * unless an earlier error makes their results meaningless. An update is not refused for errors in a
 * part that it does not change (Kubernetes, "Validation ratcheting"); only transition rules run
 * there.
 */
public final class Validation {
  private static final Set<FieldError.Type> BLOCKING =
      Set.of(
          FieldError.Type.REQUIRED,
          FieldError.Type.TYPE_INVALID,
          FieldError.Type.NOT_SUPPORTED,
          FieldError.Type.TOO_LONG,
          FieldError.Type.TOO_MANY);
  private static final FieldError NOT_ALL_CHECKED =
      FieldError.invalid(
          "<nil>",
          NullNode.getInstance(),
          "some validation rules were not checked because the object was invalid; correct the"
              + " existing errors to complete validation");

  private interface Check {
    void run(JsonNode value, Optional<JsonNode> before, Schema schema, String path);
  }

  private final List<FieldError> errors;

  private Validation(List<FieldError> errors) {
    this.errors = errors;
  }

  /**
   * The errors in a value.
   *
   * @param value the new value
   * @param before the old value, on an update
   * @param metadataErrors errors found earlier; reported first, and may prevent the rules from
   *     running
   */
  public static List<FieldError> check(
      JsonNode value, Optional<JsonNode> before, Schema schema, List<FieldError> metadataErrors) {
    Validation validation = new Validation(new ArrayList<>(metadataErrors));
    validation.walk(value, before, schema, "", validation::checkValue);
    if (!schema.hasRules()) {
      return validation.errors;
    }
    if (validation.errors.stream().anyMatch(error -> BLOCKING.contains(error.type()))) {
      validation.errors.add(NOT_ALL_CHECKED);
    } else {
      validation.walk(value, before, schema, "", validation::checkRules);
    }
    return validation.errors;
  }

  private void walk(
      JsonNode value, Optional<JsonNode> before, Schema schema, String path, Check check) {
    check.run(value, before, schema, path);
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        Optional<Schema> nested = schema.field(field.getKey());
        if (nested.isPresent()) {
          String at = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
          Optional<JsonNode> old = before.map(each -> each.get(field.getKey()));
          walk(field.getValue(), old, nested.get(), at, check);
        }
      }
    } else if (value.isArray() && schema.items().isPresent()) {
      for (int i = 0; i < value.size(); i++) {
        JsonNode element = value.get(i);
        Optional<JsonNode> old = before.flatMap(list -> counterpart(element, list, schema));
        walk(element, old, schema.items().get(), path + "[" + i + "]", check);
      }
    }
  }

  private static Optional<JsonNode> counterpart(JsonNode element, JsonNode list, Schema schema) {
    if (schema.listType() != ListType.MAP) {
      return Optional.empty();
    }
    JsonNode key = ListKeys.of(element, schema);
    return Json.elements(list).filter(old -> ListKeys.of(old, schema).equals(key)).findFirst();
  }

  private void checkRules(JsonNode value, Optional<JsonNode> before, Schema schema, String path) {
    boolean unchanged = before.filter(value::equals).isPresent();
    if (value.isNull()) {
      return;
    }
    for (CelRule rule : schema.rules()) {
      if (!unchanged || rule.when() != CelRule.When.ALWAYS) {
        rule.check(value, before, schema, path).ifPresent(errors::add);
      }
    }
  }

  private void checkValue(JsonNode value, Optional<JsonNode> before, Schema schema, String path) {
    if (before.filter(value::equals).isPresent()
        || (value.isNull() && schema.has(Schema.Trait.NULLABLE))) {
      return;
    }
    Optional<FieldError> wrongType = ValueChecks.type(value, schema, path);
    if (wrongType.isPresent()) {
      errors.add(wrongType.get());
      return;
    }
    ValueChecks.limits(value, schema.limits(), path, errors);
    if (value.isArray()) {
      checkUnique(value, schema, path);
    }
    schema.junctors().forEach(junctor -> checkJunctor(junctor, value, path));
  }

  private void checkUnique(JsonNode list, Schema schema, String path) {
    Set<JsonNode> seen = new HashSet<>();
    for (int i = 0; i < list.size() && schema.listType() != ListType.ATOMIC; i++) {
      JsonNode key =
          schema.listType() == ListType.MAP ? ListKeys.of(list.get(i), schema) : list.get(i);
      if (!seen.add(key)) {
        errors.add(FieldError.duplicate(path + "[" + i + "]", key));
      }
    }
  }

  private void checkJunctor(Schema.Junctor junctor, JsonNode value, String path) {
    long held = junctor.schemas().stream().filter(each -> holds(value, each, path)).count();
    String broken =
        switch (junctor.kind()) {
          case ALL_OF ->
              held == junctor.schemas().size() ? "" : "must validate all the schemas (allOf)";
          case ANY_OF -> held > 0 ? "" : "must validate at least one schema (anyOf)";
          case ONE_OF ->
              held == 1
                  ? ""
                  : "must validate one and only one schema (oneOf). Found "
                      + (held == 0 ? "none valid" : held + " valid alternatives");
          case NOT -> held == 0 ? "" : "must not validate the schema (not)";
        };
    if (!broken.isEmpty()) {
      errors.add(
          value instanceof ObjectNode
              ? new FieldError(
                  FieldError.Type.INVALID, path, "Invalid value: \"" + path + "\" " + broken)
              : FieldError.invalid(path, value, "\"" + path + "\" " + broken));
    }
  }

  private static boolean holds(JsonNode value, Schema schema, String path) {
    Validation nested = new Validation(new ArrayList<>());
    nested.walk(value, Optional.empty(), schema, path, nested::checkValue);
    return nested.errors.isEmpty();
  }
}
