package dev.darkroom.e2e.apiserver.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Reads, writes and navigates JSON and YAML. All threads share the stored trees. Never change a
 * stored tree in place; change a copy instead.
 */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();
  private static final ObjectMapper YAML = YAMLMapper.builder().build();

  private Json() {}

  /** The JSON mapper of the whole server. */
  public static ObjectMapper mapper() {
    return MAPPER;
  }

  /** A new empty object. */
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** A new array of strings. */
  public static ArrayNode strings(Iterable<String> values) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    values.forEach(array::add);
    return array;
  }

  /**
   * Parses one JSON value.
   *
   * @throws ApiException 400 when the content is not JSON
   */
  public static JsonNode parse(byte[] json) {
    return parse(MAPPER, json);
  }

  /**
   * Parses one YAML (or JSON) document.
   *
   * @throws ApiException 400 when the content is neither YAML nor JSON
   */
  public static JsonNode parseYaml(byte[] yaml) {
    return parse(YAML, yaml);
  }

  /** Every object in a YAML text of one or more documents; skips empty documents. */
  public static List<ObjectNode> documents(String yaml) {
    List<ObjectNode> found = new ArrayList<>();
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(yaml)) {
      while (documents.hasNext()) {
        if (documents.next() instanceof ObjectNode object) {
          found.add(object);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** The value as compact JSON text. */
  public static String write(JsonNode value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The value as compact UTF-8 JSON. */
  public static byte[] bytes(JsonNode value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Any Java value as a tree. */
  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** The value at a path of field names; a missing node when a field of the path is absent. */
  public static JsonNode at(JsonNode value, String... path) {
    JsonNode here = value;
    for (String name : path) {
      here = here.path(name);
    }
    return here;
  }

  /** The string at a path; empty when the value is absent or not a string. */
  public static Optional<String> text(JsonNode value, String... path) {
    JsonNode found = at(value, path);
    return found.isTextual() ? Optional.of(found.textValue()) : Optional.empty();
  }

  /** The strings in the array at a path; skips other elements. */
  public static List<String> texts(JsonNode value, String... path) {
    return elements(at(value, path)).filter(JsonNode::isTextual).map(JsonNode::textValue).toList();
  }

  /** The elements of an array; empty when the value is not an array. */
  public static Stream<JsonNode> elements(JsonNode value) {
    return value.isArray() ? StreamSupport.stream(value.spliterator(), false) : Stream.empty();
  }

  /** The object in a field; created when the field is absent or not an object. */
  public static ObjectNode child(ObjectNode parent, String name) {
    return parent.get(name) instanceof ObjectNode found ? found : parent.putObject(name);
  }

  /** Sets a field, or removes it when the value is a missing node. */
  public static void put(ObjectNode parent, String name, JsonNode value) {
    if (value instanceof MissingNode) {
      parent.remove(name);
    } else {
      parent.set(name, value);
    }
  }

  private static JsonNode parse(ObjectMapper mapper, byte[] text) {
    try {
      return mapper.readTree(text);
    } catch (JsonProcessingException e) {
      throw ApiException.badRequest("json parse error: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
