package dev.darkroom.e2e.apiserver.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes the fields of {@code metadata} that the server itself uses. */
public final class Metadata {
  private Metadata() {}

  /** The metadata of an object; created when missing. */
  public static ObjectNode of(ObjectNode object) {
    return Json.child(object, "metadata");
  }

  /** The object's name, or empty text. */
  public static String name(JsonNode object) {
    return text(object, "name");
  }

  /** The object's namespace, or empty text. */
  public static String namespace(JsonNode object) {
    return text(object, "namespace");
  }

  /** The object's UID, or empty text. */
  public static String uid(JsonNode object) {
    return text(object, "uid");
  }

  /** The object's resource version, or empty text. */
  public static String resourceVersion(JsonNode object) {
    return text(object, "resourceVersion");
  }

  /** The object's finalizers, in order. */
  public static List<String> finalizers(JsonNode object) {
    return Json.texts(object, "metadata", "finalizers");
  }

  /** Sets the finalizers; an empty list removes the field. */
  public static void setFinalizers(ObjectNode object, List<String> finalizers) {
    setList(object, "finalizers", finalizers.stream().map(TextNode::valueOf).toList());
  }

  /** Sets a list; an empty list removes the field. */
  public static void setList(ObjectNode object, String field, List<? extends JsonNode> elements) {
    if (elements.isEmpty()) {
      of(object).remove(field);
    } else {
      of(object).putArray(field).addAll(elements);
    }
  }

  /** The object's labels. */
  public static Map<String, String> labels(JsonNode object) {
    Map<String, String> labels = new HashMap<>();
    Json.at(object, "metadata", "labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return labels;
  }

  /** Whether the deletion of the object has begun. */
  public static boolean isDeleting(JsonNode object) {
    return Json.at(object, "metadata", "deletionTimestamp").isTextual();
  }

  /** The current time in whole seconds, in the format of metadata (RFC 3339). */
  public static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String text(JsonNode object, String field) {
    return Json.text(object, "metadata", field).orElse("");
  }
}
