package dev.darkroom.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes the reference of the API, in Markdown, from the CRDs. */
final class ApiReference {

  private final StringBuilder text = new StringBuilder();

  private ApiReference() {}

  /** The whole page. */
  static String of(Collection<String> crds) {
    ApiReference page = new ApiReference();
    page.line("# API reference");
    page.line("");
    page.line("Generated from the Java types; `kubectl explain` says the same. Group");
    page.line("`" + ApiGroup.NAME + "`, version `" + ApiGroup.VERSION + "`.");
    crds.stream()
        .map(yaml -> Serialization.unmarshal(yaml, CustomResourceDefinition.class))
        .forEach(page::kind);
    return page.text.toString();
  }

  private void kind(CustomResourceDefinition crd) {
    JSONSchemaProps root = crd.getSpec().getVersions().get(0).getSchema().getOpenAPIV3Schema();
    var names = crd.getSpec().getNames();
    line("");
    line("## " + names.getKind());
    line("");
    line(root.getDescription());
    line("");
    line(
        "`kubectl get %s` (short: `%s`); %s."
            .formatted(
                names.getPlural(),
                String.join(", ", names.getShortNames()),
                crd.getSpec().getScope().equals("Cluster")
                    ? "belongs to the cluster"
                    : "belongs to a namespace"));
    rules(root);
    for (String part : List.of("spec", "status")) {
      if (!root.getProperties().containsKey(part)) {
        continue;
      }
      line("");
      line("| " + part + " | type | what it is |");
      line("|---|---|---|");
      fields("", root.getProperties().get(part));
    }
  }

  private void fields(String path, JSONSchemaProps schema) {
    new TreeMap<>(schema.getProperties())
        .forEach(
            (name, field) -> {
              boolean required = schema.getRequired().contains(name);
              line(
                  "| `%s%s` | %s | %s |"
                      .formatted(path, name, type(field), words(field, required)));
              if (!field.getProperties().isEmpty()) {
                fields(path + name + ".", field);
              } else if (items(field) != null && !items(field).getProperties().isEmpty()) {
                fields(path + name + "[].", items(field));
              }
            });
  }

  private void rules(JSONSchemaProps schema) {
    if (!schema.getXKubernetesValidations().isEmpty()) {
      line("");
      schema.getXKubernetesValidations().forEach(rule -> line("- " + rule.getMessage()));
    }
  }

  private static String type(JSONSchemaProps field) {
    if (Boolean.TRUE.equals(field.getXKubernetesIntOrString())) {
      return "quantity";
    }
    if (items(field) != null) {
      return "list of " + type(items(field));
    }
    if (field.getAdditionalProperties() != null) {
      return "map of strings";
    }
    return "date-time".equals(field.getFormat()) ? "time" : field.getType();
  }

  private static String words(JSONSchemaProps field, boolean required) {
    StringBuilder words = new StringBuilder(required ? "Required. " : "");
    words.append(field.getDescription());
    if (!field.getEnum().isEmpty()) {
      words.append(" One of ").append(values(field.getEnum())).append('.');
    }
    if (field.getDefault() != null) {
      words.append(" Default: `").append(field.getDefault().asText()).append("`.");
    }
    rulesOf(field).forEach(message -> words.append(" It ").append(message).append('.'));
    return words.toString().replace("|", "\\|");
  }

  /** Only what reads on after “It”; rules of whole objects stand for themselves. */
  private static List<String> rulesOf(JSONSchemaProps field) {
    return field.getXKubernetesValidations().stream()
        .map(ValidationRule::getMessage)
        .filter(message -> message.startsWith("must"))
        .toList();
  }

  private static String values(List<JsonNode> values) {
    return values.stream().map(v -> "`" + v.asText() + "`").collect(Collectors.joining(", "));
  }

  private static JSONSchemaProps items(JSONSchemaProps field) {
    return field.getItems() == null ? null : field.getItems().getSchema();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
