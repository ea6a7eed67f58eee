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

/** Generates the API reference, in Markdown, from the CRDs. */
final class ApiReference {

  private final StringBuilder text = new StringBuilder();

  private ApiReference() {}

  /** Returns the whole page. */
  static String of(Collection<String> crds) {
    ApiReference page = new ApiReference();
    page.line("# API reference");
    page.line("");
    page.line("Generated from the Java types; `kubectl explain` shows the same text. Group");
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
                crd.getSpec().getScope().equals("Cluster") ? "cluster-scoped" : "namespaced"));
    rules(root);
    rules(root.getProperties().get("spec"));
    for (String part : List.of("spec", "status")) {
      if (!root.getProperties().containsKey(part)) {
        continue;
      }
      line("");
      line("| " + part + " | type | description |");
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
      messagesOf(schema).forEach(message -> line("- " + message));
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
    messagesOf(field).forEach(message -> words.append(sentence("It", message)));
    if (items(field) != null) {
      messagesOf(items(field)).forEach(message -> words.append(sentence("Each item", message)));
    }
    return words.toString().replace("|", "\\|");
  }

  private static List<String> messagesOf(JSONSchemaProps field) {
    return field.getXKubernetesValidations().stream().map(ValidationRule::getMessage).toList();
  }

  /** A message that begins with “must” is about the field; others name their subject. */
  private static String sentence(String subject, String message) {
    return " " + (message.startsWith("must ") ? subject : "Rule:") + " " + message + ".";
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
