package dev.darkroom.helm;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lists the messages of all CEL rules and admission policies, for review by a person. */
final class Messages {

  private static final String HEADER =
      """
      Messages of the CEL rules in the CRDs, with their fields, and of the admission policies, with
      their messageExpression. Generated; see CONTRIBUTING.md.
      """;

  private final StringBuilder text = new StringBuilder(HEADER);

  private Messages() {}

  /**
   * Returns the list.
   *
   * @param definitions files with one CRD each
   * @param policies files with admission policies
   */
  static String of(List<Path> definitions, List<Path> policies) throws IOException {
    Messages messages = new Messages();
    for (Path file : definitions) {
      Manifests.of(Files.readString(file)).objects().forEach(messages::addDefinition);
    }
    for (Path file : policies) {
      Manifests.of(Files.readString(file))
          .all("ValidatingAdmissionPolicy")
          .forEach(messages::addPolicy);
    }
    return messages.text.toString();
  }

  private void addDefinition(JsonNode definition) {
    Map<String, Set<String>> fields = new LinkedHashMap<>();
    for (JsonNode version : definition.at("/spec/versions")) {
      collect("", version.at("/schema/openAPIV3Schema"), fields);
    }
    if (!fields.isEmpty()) {
      section(definition.at("/spec/names/kind").asText());
      fields.forEach(
          (message, paths) -> {
            line(message);
            paths.forEach(path -> line("    " + path));
          });
    }
  }

  /** Adds to each message the fields that it is about. */
  private static void collect(String path, JsonNode schema, Map<String, Set<String>> fields) {
    for (JsonNode rule : schema.path("x-kubernetes-validations")) {
      fields
          .computeIfAbsent(rule.path("message").asText(), message -> new LinkedHashSet<>())
          .add(path.isEmpty() ? "(object)" : path);
    }
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String name = property.getKey();
      collect(path.isEmpty() ? name : path + "." + name, property.getValue(), fields);
    }
    if (schema.has("items")) {
      collect(path + "[]", schema.get("items"), fields);
    }
    if (schema.has("additionalProperties")) {
      collect(path + "{}", schema.get("additionalProperties"), fields);
    }
  }

  private void addPolicy(JsonNode policy) {
    section("ValidatingAdmissionPolicy " + Manifests.name(policy));
    for (JsonNode validation : policy.at("/spec/validations")) {
      line(validation.path("message").asText());
      if (validation.has("messageExpression")) {
        line("    " + validation.get("messageExpression").asText());
      }
    }
  }

  private void section(String title) {
    line("");
    line("== " + title);
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
