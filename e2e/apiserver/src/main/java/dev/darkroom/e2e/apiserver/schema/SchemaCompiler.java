package dev.darkroom.e2e.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.darkroom.e2e.apiserver.model.FieldError;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.schema.Schema.Junctor;
import dev.darkroom.e2e.apiserver.schema.Schema.ListType;
import dev.darkroom.e2e.apiserver.schema.Schema.Trait;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.PatternSyntaxException;

/**
 * Compiles an {@code openAPIV3Schema} into a {@link Schema}. Compiles the structure first. When the
 * structure has no errors, compiles the CEL rules against the types of the structure.
 */
public final class SchemaCompiler {
  private static final Map<String, Trait> SWITCHES =
      Map.of(
          "nullable", Trait.NULLABLE,
          "x-kubernetes-preserve-unknown-fields", Trait.PRESERVE_UNKNOWN,
          "x-kubernetes-int-or-string", Trait.INT_OR_STRING,
          "x-kubernetes-embedded-resource", Trait.EMBEDDED_RESOURCE);
  private static final Map<String, Junctor.Kind> JUNCTORS =
      Map.of(
          "allOf", Junctor.Kind.ALL_OF,
          "anyOf", Junctor.Kind.ANY_OF,
          "oneOf", Junctor.Kind.ONE_OF,
          "not", Junctor.Kind.NOT);

  private static final String RULES = "x-kubernetes-validations";

  private final List<FieldError> errors = new ArrayList<>();
  private final Optional<CelEnvironment> cel;

  private SchemaCompiler(Optional<CelEnvironment> cel) {
    this.cel = cel;
  }

  /**
   * A compiled schema, or the errors in it.
   *
   * @param schema the schema; unusable when there are errors
   * @param errors paths and reasons; empty for a valid schema
   */
  public record Compiled(Schema schema, List<FieldError> errors) {}

  /**
   * Compiles the schema of a whole custom resource.
   *
   * @param root the {@code openAPIV3Schema}, which must include the schema of {@code metadata}
   * @param path path of the schema in the CRD, for error messages
   */
  public static Compiled compile(JsonNode root, String path) {
    SchemaCompiler structure = new SchemaCompiler(Optional.empty());
    Schema shape = structure.node(root, path, Optional.empty());
    boolean rules = !root.findValues(RULES).isEmpty();
    if (!structure.errors.isEmpty() || !rules) {
      return new Compiled(shape, structure.errors);
    }
    SchemaCompiler complete = new SchemaCompiler(Optional.of(new CelEnvironment(shape)));
    Schema schema = complete.node(root, path, Optional.of(CelScope.root(shape)));
    return new Compiled(schema, complete.errors);
  }

  private Schema node(JsonNode node, String path, Optional<CelScope> scope) {
    Map<String, Schema> properties = new LinkedHashMap<>();
    node.path("properties")
        .properties()
        .forEach(
            property ->
                properties.put(
                    property.getKey(),
                    node(
                        property.getValue(),
                        path + ".properties[" + property.getKey() + "]",
                        scope.map(at -> at.property(property.getKey())))));
    Optional<Schema> additional =
        node.path("additionalProperties").isObject()
            ? Optional.of(
                node(
                    node.path("additionalProperties"),
                    path + ".additionalProperties",
                    scope.map(CelScope::additional)))
            : Optional.empty();
    Optional<Schema> items =
        node.path("items").isObject()
            ? Optional.of(node(node.path("items"), path + ".items", scope.map(CelScope::items)))
            : Optional.empty();
    return new Schema(
        type(node, path),
        properties,
        additional,
        items,
        listType(node, path),
        Json.texts(node, "x-kubernetes-list-map-keys"),
        Optional.ofNullable(node.get("default")),
        traits(node),
        limits(node, path),
        junctors(node, path),
        rules(node, path, scope));
  }

  private Schema.Type type(JsonNode node, String path) {
    if (!node.has("type")) {
      return Schema.Type.ANY;
    }
    String name = node.path("type").asText();
    try {
      return Schema.Type.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      errors.add(
          FieldError.unsupported(
              path + ".type",
              node.path("type"),
              List.of("array", "boolean", "integer", "number", "object", "string").stream()
                  .<JsonNode>map(TextNode::valueOf)
                  .toList()));
      return Schema.Type.ANY;
    }
  }

  private ListType listType(JsonNode node, String path) {
    String name = Json.text(node, "x-kubernetes-list-type").orElse("atomic");
    try {
      return ListType.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      errors.add(
          FieldError.unsupported(
              path + ".x-kubernetes-list-type",
              TextNode.valueOf(name),
              List.of(
                  TextNode.valueOf("atomic"), TextNode.valueOf("map"), TextNode.valueOf("set"))));
      return ListType.ATOMIC;
    }
  }

  private static Set<Trait> traits(JsonNode node) {
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    SWITCHES.forEach(
        (name, trait) -> {
          if (node.path(name).asBoolean()) {
            traits.add(trait);
          }
        });
    if (node.path("additionalProperties").asBoolean()) {
      traits.add(Trait.PRESERVE_UNKNOWN);
    }
    if (node.path("x-kubernetes-map-type").asText().equals("atomic")) {
      traits.add(Trait.ATOMIC_MAP);
    }
    return traits;
  }

  private Limits limits(JsonNode node, String path) {
    try {
      return Limits.parse(node);
    } catch (PatternSyntaxException e) {
      errors.add(
          FieldError.invalid(
              path + ".pattern",
              node.path("pattern"),
              "must be a valid regular expression, but isn't: " + e.getDescription()));
      return Limits.NONE;
    }
  }

  /**
   * Compiles nested validations. They constrain values only and must not contain defaults or rules.
   */
  private List<Junctor> junctors(JsonNode node, String path) {
    List<Junctor> junctors = new ArrayList<>();
    JUNCTORS.forEach(
        (name, kind) -> {
          JsonNode nested = node.path(name);
          List<Schema> schemas = new ArrayList<>();
          for (JsonNode each : kind == Junctor.Kind.NOT ? List.of(nested) : nested) {
            if (each.isObject()) {
              schemas.add(node(each, path + "." + name, Optional.empty()));
            }
          }
          if (!schemas.isEmpty()) {
            junctors.add(new Junctor(kind, schemas));
          }
        });
    return junctors;
  }

  private List<CelRule> rules(JsonNode node, String path, Optional<CelScope> scope) {
    List<CelRule> rules = new ArrayList<>();
    if (cel.isPresent() && scope.isPresent()) {
      JsonNode written = node.path(RULES);
      for (int i = 0; i < written.size(); i++) {
        String at = path + ".x-kubernetes-validations[" + i + "]";
        cel.get().compile(written.get(i), at, scope.get(), errors).ifPresent(rules::add);
      }
    }
    return rules;
  }
}
