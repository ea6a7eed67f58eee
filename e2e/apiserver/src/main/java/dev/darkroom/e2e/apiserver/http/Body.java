package dev.darkroom.e2e.apiserver.http;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.fields.MergePatch;
import dev.darkroom.e2e.apiserver.fields.StrategicMergePatch;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.resource.Resource;
import dev.darkroom.e2e.apiserver.resource.Resource.Trait;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The body of a request, in the media type of its Content-Type header. */
final class Body {
  static final String JSON = "application/json";
  static final String APPLY = "application/apply-patch+yaml";

  private static final String YAML = "application/yaml";
  private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
  private static final String JSON_PATCH = "application/json-patch+json";
  private static final String MERGE_PATCH = "application/merge-patch+json";
  private static final String STRATEGIC = "application/strategic-merge-patch+json";

  private static final Set<String> NEEDS_TARGET = Set.of("remove", "replace", "test");

  private final String mediaType;
  private final byte[] bytes;

  /**
   * Creates a body.
   *
   * @param mediaType media type, without parameters
   * @param bytes content; must not change afterwards
   */
  Body(String mediaType, byte[] bytes) {
    this.mediaType = mediaType;
    this.bytes = bytes;
  }

  /**
   * The object in the body.
   *
   * @throws ApiException 415 when the media type is not supported, 400 when the content is
   *     malformed
   */
  JsonNode object() {
    return switch (mediaType) {
      case JSON -> Json.parse(bytes);
      case YAML -> Json.parseYaml(bytes);
      case PROTOBUF -> ProtobufObject.parse(bytes);
      default -> throw ApiException.unsupportedMediaType(List.of(JSON, YAML));
    };
  }

  /** The configuration in the body of an apply. */
  JsonNode yaml() {
    return Json.parseYaml(bytes);
  }

  /** The options in the body of a delete request; an empty object when there is no body. */
  JsonNode options() {
    return bytes.length == 0 ? Json.object() : object();
  }

  boolean isApply() {
    return mediaType.equals(APPLY);
  }

  /**
   * The patch in the body.
   *
   * @throws ApiException 415 when the resource does not support this kind of patch
   */
  UnaryOperator<ObjectNode> patch(Resource resource) {
    switch (mediaType) {
      case JSON_PATCH -> {
        return jsonPatch();
      }
      case MERGE_PATCH -> {
        JsonNode patch = Json.parse(bytes);
        return before -> object(MergePatch.apply(before, patch));
      }
      case STRATEGIC -> {
        if (!resource.has(Trait.CUSTOM)) {
          JsonNode patch = Json.parse(bytes);
          return before -> object(StrategicMergePatch.apply(before, patch, resource.schema()));
        }
      }
      default -> {}
    }
    throw ApiException.unsupportedMediaType(
        resource.has(Trait.CUSTOM)
            ? List.of(JSON_PATCH, MERGE_PATCH, APPLY)
            : List.of(JSON_PATCH, MERGE_PATCH, STRATEGIC, APPLY));
  }

  private UnaryOperator<ObjectNode> jsonPatch() {
    JsonNode patch = Json.parse(bytes);
    if (!patch.isArray()) {
      throw ApiException.badRequest("error decoding patch: not a list of operations");
    }
    return before -> {
      JsonNode after = before;
      for (JsonNode operation : patch) {
        after = jsonPatch(after, operation);
      }
      return object(after);
    };
  }

  /**
   * Refuses operations on absent values, as RFC 6902 (section 4) requires. The library accepts some
   * of them.
   */
  private static JsonNode jsonPatch(JsonNode before, JsonNode operation) {
    String name = operation.path("op").asText();
    try {
      JsonPointer path = JsonPointer.compile(operation.path("path").asText());
      if (NEEDS_TARGET.contains(name) && before.at(path).isMissingNode()) {
        throw ApiException.inapplicablePatch(
            name + " operation does not apply: no value at " + path);
      }
      return JsonPatch.apply(JsonNodeFactory.instance.arrayNode().add(operation), before);
    } catch (JsonPatchException | IllegalArgumentException e) {
      throw ApiException.inapplicablePatch(e.getMessage());
    }
  }

  private static ObjectNode object(JsonNode patched) {
    if (patched instanceof ObjectNode object) {
      return object;
    }
    throw ApiException.inapplicablePatch("the result is no object");
  }
}
