package dev.darkroom.e2e.scenario.objects;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * One row of {@code accepted.yaml} or {@code refused.yaml}; the files document the columns.
 *
 * @param row the row
 */
record ManifestCase(JsonNode row) {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String DIGEST = "sha256:" + "a".repeat(64);

  /** The rows of a file, in order. */
  static List<ManifestCase> read(String file) {
    try (InputStream stream = ManifestCase.class.getResourceAsStream("/scenario/" + file)) {
      return YAML.readValue(stream, new TypeReference<List<JsonNode>>() {}).stream()
          .map(ManifestCase::new)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String kind() {
    return row.path("kind").asText();
  }

  /** The object to create. */
  ObjectNode created() {
    ObjectNode manifest = YAML.createObjectNode();
    manifest.put("apiVersion", "darkroom.dev/v1alpha1").put("kind", kind());
    ObjectNode metadata = manifest.putObject("metadata");
    metadata.put("name", row.path("name").asText("subject"));
    if (row.has("metadata")) {
      metadata.setAll((ObjectNode) row.get("metadata"));
    }
    JsonNode parts = row.has("before") ? row.get("before") : row;
    if (parts.has("spec")) {
      manifest.set("spec", parts.get("spec"));
    }
    return manifest;
  }

  /** The status to set before the change. */
  Optional<ObjectNode> statusBefore() {
    return row.path("bytes").asBoolean()
        ? Optional.of(YAML.createObjectNode().put("digest", DIGEST))
        : Optional.empty();
  }

  /** The spec or status to set in the change. */
  Optional<ObjectNode> then() {
    if (!row.has("then")) {
      return Optional.empty();
    }
    JsonNode then = row.get("then");
    return Optional.of(
        then.has("spec") || then.has("status")
            ? (ObjectNode) then
            : YAML.createObjectNode().set("spec", then));
  }

  int code() {
    return row.path("code").asInt(422);
  }

  Optional<String> field() {
    return Optional.ofNullable(row.get("field")).map(JsonNode::asText);
  }

  String says() {
    return row.path("says").asText();
  }

  @Override
  public String toString() {
    return kind() + ": " + row.path("case").asText();
  }
}
