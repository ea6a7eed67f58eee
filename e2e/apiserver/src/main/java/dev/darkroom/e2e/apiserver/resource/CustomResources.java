package dev.darkroom.e2e.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.darkroom.e2e.apiserver.model.FieldError;
import dev.darkroom.e2e.apiserver.model.GroupResource;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.model.JsonPath;
import dev.darkroom.e2e.apiserver.model.Metadata;
import dev.darkroom.e2e.apiserver.model.MetadataRules.NameRule;
import dev.darkroom.e2e.apiserver.resource.Resource.Scope;
import dev.darkroom.e2e.apiserver.resource.Resource.Trait;
import dev.darkroom.e2e.apiserver.schema.Schema;
import dev.darkroom.e2e.apiserver.schema.SchemaCompiler;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a CustomResourceDefinition: fills in absent fields, reports errors, and makes a {@link
 * Resource} of each served version. A conversion between versions changes only {@code apiVersion};
 * a conversion webhook is refused.
 */
public final class CustomResources {
  private final String group;
  private final JsonNode names;
  private final JsonNode spec;
  private final List<FieldError> errors = new ArrayList<>();
  private final List<Resource> resources = new ArrayList<>();

  private CustomResources(ObjectNode definition) {
    this.spec = definition.path("spec");
    this.group = spec.path("group").asText();
    this.names = spec.path("names");
    checkNames(Metadata.name(definition));
    checkVersions();
    if (errors.isEmpty()) {
      for (int i = 0; i < spec.path("versions").size(); i++) {
        read(spec.path("versions").get(i), i);
      }
    }
  }

  /**
   * The content of a CRD: the resources to serve, or the errors in the CRD.
   *
   * @param resources one for each served version; unusable when there are errors
   * @param errors errors in the CRD; empty for a valid CRD
   */
  public record Definition(List<Resource> resources, List<FieldError> errors) {}

  /** Reads a definition whose defaults are filled in already. */
  public static Definition read(ObjectNode definition) {
    CustomResources custom = new CustomResources(definition);
    return new Definition(custom.resources, custom.errors);
  }

  /** Fills in absent optional fields of a definition: names, conversion and list kind. */
  public static void applyDefaults(ObjectNode definition) {
    if (definition.get("spec") instanceof ObjectNode spec) {
      ObjectNode names = Json.child(spec, "names");
      String kind = names.path("kind").asText();
      if (!names.has("singular")) {
        names.put("singular", kind.toLowerCase(Locale.ROOT));
      }
      if (!names.has("listKind")) {
        names.put("listKind", kind + "List");
      }
      if (!spec.has("conversion")) {
        spec.putObject("conversion").put("strategy", "None");
      }
    }
  }

  private void checkNames(String name) {
    String plural = names.path("plural").asText();
    if (!name.equals(plural + "." + group)) {
      errors.add(
          FieldError.invalid(
              "metadata.name",
              TextNode.valueOf(name),
              "must be spec.names.plural+\".\"+spec.group"));
    }
    for (String required : List.of("plural", "kind")) {
      if (names.path(required).asText().isEmpty()) {
        errors.add(FieldError.required("spec.names." + required));
      }
    }
    if (!group.contains(".")) {
      errors.add(
          FieldError.invalid(
              "spec.group", TextNode.valueOf(group), "should be a domain with at least one dot"));
    }
    String scope = spec.path("scope").asText();
    if (!Set.of("Namespaced", "Cluster").contains(scope)) {
      errors.add(
          FieldError.unsupported(
              "spec.scope",
              TextNode.valueOf(scope),
              List.of(TextNode.valueOf("Cluster"), TextNode.valueOf("Namespaced"))));
    }
    if (!Json.at(spec, "conversion", "strategy").asText("None").equals("None")) {
      errors.add(FieldError.forbidden("spec.conversion", "this server calls no webhooks"));
    }
  }

  private void checkVersions() {
    long stored =
        Json.elements(spec.path("versions"))
            .filter(version -> version.path("storage").asBoolean())
            .count();
    if (stored != 1) {
      errors.add(
          FieldError.invalid(
              "spec.versions",
              TextNode.valueOf("" + stored),
              "must have exactly one version marked as storage version"));
    }
  }

  private void read(JsonNode version, int index) {
    String versions =
        spec.path("versions").size() == 1
            ? "spec.validation"
            : "spec.versions[" + index + "].schema";
    JsonNode written = Json.at(version, "schema", "openAPIV3Schema");
    if (!written.isObject()) {
      errors.add(FieldError.required("spec.versions[" + index + "].schema.openAPIV3Schema"));
      return;
    }
    ObjectNode openApi = written.deepCopy();
    ObjectNode properties = Json.child(openApi, "properties");
    properties.putObject("apiVersion").put("type", "string");
    properties.putObject("kind").put("type", "string");
    properties.set("metadata", ModelSchemas.metadata());
    SchemaCompiler.Compiled compiled =
        SchemaCompiler.compile(openApi, versions + ".openAPIV3Schema");
    errors.addAll(compiled.errors());
    List<Column> columns = columns(version, index);
    Map<String, JsonPath> selectable = new LinkedHashMap<>();
    for (JsonNode field : version.path("selectableFields")) {
      String path = field.path("jsonPath").asText();
      jsonPath(path, "spec.versions[" + index + "].selectableFields")
          .ifPresent(compiledPath -> selectable.put(path.substring(1), compiledPath));
    }
    if (version.path("served").asBoolean()) {
      resources.add(resource(version, compiled.schema(), openApi, columns, selectable));
    }
  }

  private Resource resource(
      JsonNode version,
      Schema schema,
      ObjectNode openApi,
      List<Column> columns,
      Map<String, JsonPath> selectable) {
    GroupResource id = new GroupResource(group, names.path("plural").asText());
    Set<Trait> traits = EnumSet.of(Trait.CUSTOM, Trait.GENERATION);
    if (version.path("subresources").has("status")) {
      traits.add(Trait.STATUS);
    }
    return new Resource(
        new Resource.Names(
            id,
            names.path("kind").asText(),
            names.path("singular").asText(),
            Json.texts(names, "shortNames"),
            Json.texts(names, "categories")),
        version.path("name").asText(),
        spec.path("scope").asText().equals("Namespaced") ? Scope.NAMESPACED : Scope.CLUSTER,
        NameRule.SUBDOMAIN,
        traits,
        new Resource.Storage(id, group + "/" + storageVersion(), Map.of()),
        schema,
        openApi,
        columns,
        selectable);
  }

  private String storageVersion() {
    return Json.elements(spec.path("versions"))
        .filter(version -> version.path("storage").asBoolean())
        .map(version -> version.path("name").asText())
        .findFirst()
        .orElseThrow();
  }

  private List<Column> columns(JsonNode version, int index) {
    List<Column> columns = new ArrayList<>(List.of(Column.NAME));
    for (JsonNode column : version.path("additionalPrinterColumns")) {
      if (jsonPath(
              column.path("jsonPath").asText(),
              "spec.versions[" + index + "].additionalPrinterColumns")
          .isPresent()) {
        columns.add(Column.printer(column));
      }
    }
    if (columns.size() == 1) {
      columns.add(Column.AGE);
    }
    return columns;
  }

  private Optional<JsonPath> jsonPath(String path, String field) {
    try {
      return Optional.of(JsonPath.compile(path));
    } catch (IllegalArgumentException e) {
      errors.add(FieldError.invalid(field, TextNode.valueOf(path), e.getMessage()));
      return Optional.empty();
    }
  }
}
