package dev.darkroom.e2e.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.model.JsonPath;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A column of the table that {@code kubectl get} prints.
 *
 * @param definition TableColumnDefinition of the column
 * @param cell computes the cell of an object
 */
public record Column(ObjectNode definition, Function<ObjectNode, JsonNode> cell) {
  static final Column NAME = text("Name", "name", 0, path(".metadata.name"));
  static final Column AGE = text("Age", "", 0, age(".metadata.creationTimestamp"));
  static final Column CREATED =
      new Column(
          define("Created At", "date", "", 0),
          object -> first(object, ".metadata.creationTimestamp"));

  static Column text(
      String name, String format, int priority, Function<ObjectNode, JsonNode> cell) {
    return new Column(define(name, "string", format, priority), cell);
  }

  static Column text(String name, Function<ObjectNode, JsonNode> cell) {
    return text(name, "", 0, cell);
  }

  static Column wide(String name, Function<ObjectNode, JsonNode> cell) {
    return text(name, "", 1, cell);
  }

  /** A column from a CRD's {@code additionalPrinterColumns}. */
  static Column printer(JsonNode written) {
    String type = written.path("type").asText();
    String path = written.path("jsonPath").asText();
    ObjectNode definition =
        define(
            written.path("name").asText(),
            type,
            written.path("format").asText(),
            written.path("priority").asInt());
    definition.put(
        "description",
        Json.text(written, "description")
            .orElse("Custom resource definition column (in JSONPath format): " + path));
    JsonPath compiled = JsonPath.compile(path);
    return new Column(
        definition,
        object ->
            compiled.find(object).stream()
                .findFirst()
                .map(value -> cell(type, value))
                .orElse(NullNode.getInstance()));
  }

  static Function<ObjectNode, JsonNode> path(String path) {
    return path(path, "");
  }

  static Function<ObjectNode, JsonNode> path(String path, String otherwise) {
    JsonPath compiled = JsonPath.compile(path);
    return object ->
        TextNode.valueOf(
            compiled.find(object).stream().findFirst().map(JsonNode::asText).orElse(otherwise));
  }

  static Function<ObjectNode, JsonNode> joined(String path) {
    JsonPath compiled = JsonPath.compile(path);
    return object ->
        TextNode.valueOf(
            compiled.find(object).stream().map(JsonNode::asText).collect(Collectors.joining(",")));
  }

  static Function<ObjectNode, JsonNode> size(String... fields) {
    return object -> {
      int size = 0;
      for (String field : fields) {
        size += object.path(field).size();
      }
      return IntNode.valueOf(size);
    };
  }

  /** The time since the first of these fields that has a value. */
  static Function<ObjectNode, JsonNode> age(String... paths) {
    List<JsonPath> compiled = List.of(paths).stream().map(JsonPath::compile).toList();
    return object ->
        TextNode.valueOf(
            compiled.stream()
                .flatMap(path -> path.find(object).stream())
                .filter(JsonNode::isTextual)
                .findFirst()
                .map(time -> Age.since(time.textValue()))
                .orElse("<unknown>"));
  }

  private static JsonNode cell(String type, JsonNode value) {
    return switch (type) {
      case "integer" ->
          value.isNumber() ? Json.tree(value.longValue()) : (JsonNode) NullNode.getInstance();
      case "number" -> value.isNumber() ? value : NullNode.getInstance();
      case "boolean" -> value.isBoolean() ? value : NullNode.getInstance();
      case "date" ->
          value.isTextual()
              ? TextNode.valueOf(Age.since(value.textValue()))
              : NullNode.getInstance();
      default -> TextNode.valueOf(value.isValueNode() ? value.asText() : Json.write(value));
    };
  }

  private static JsonNode first(ObjectNode object, String path) {
    return JsonPath.compile(path).find(object).stream().findFirst().orElse(NullNode.getInstance());
  }

  private static ObjectNode define(String name, String type, String format, int priority) {
    return Json.object()
        .put("name", name)
        .put("type", type)
        .put("format", format)
        .put("description", name)
        .put("priority", priority);
  }
}
