package dev.darkroom.e2e.apiserver.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.FieldError;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.model.Metadata;
import dev.darkroom.e2e.apiserver.model.MetadataRules;
import dev.darkroom.e2e.apiserver.resource.Resource;
import dev.darkroom.e2e.apiserver.resource.Resource.Trait;
import dev.darkroom.e2e.apiserver.schema.Defaults;
import dev.darkroom.e2e.apiserver.schema.Pruning;
import dev.darkroom.e2e.apiserver.schema.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Turns the object of a request into an object for storage: prunes, fills in defaults, completes,
 * validates.
 */
final class Preparation {
  private static final List<String> DROPPED_WHEN_EMPTY =
      List.of("labels", "annotations", "finalizers", "ownerReferences", "managedFields");

  private Preparation() {}

  /**
   * Prunes unknown fields, in place.
   *
   * @return the warnings that the client requested
   * @throws ApiException 400 for an unknown field, when the client requested strict validation
   */
  static List<String> prune(Resource resource, ObjectNode object, WriteOptions options) {
    List<String> unknown =
        Pruning.apply(object, resource.schema()).stream()
            .map(path -> "unknown field \"" + path + "\"")
            .toList();
    return switch (options.unknown()) {
      case IGNORE -> List.of();
      case WARN -> unknown;
      case STRICT -> {
        if (!unknown.isEmpty()) {
          throw ApiException.badRequest(
              cannotBeHandled(resource) + "strict decoding error: " + String.join(", ", unknown));
        }
        yield List.of();
      }
    };
  }

  /**
   * Fills in defaults, in place, and validates.
   *
   * @throws ApiException 422 when the object is invalid, 400 when a built-in kind cannot be decoded
   */
  static void complete(Resource resource, Optional<ObjectNode> before, ObjectNode object) {
    ObjectNode metadata = Metadata.of(object);
    metadata.properties().removeIf(field -> field.getValue().isNull());
    DROPPED_WHEN_EMPTY.stream()
        .filter(field -> metadata.path(field).isEmpty())
        .forEach(metadata::remove);
    Defaults.apply(object, resource.schema());
    KindRules.complete(resource, before, object);
    List<FieldError> errors = new ArrayList<>(MetadataRules.check(object, resource.nameRule()));
    before.ifPresent(old -> errors.addAll(MetadataRules.checkUpdate(old, object)));
    errors.addAll(KindRules.check(resource, before, object));
    List<FieldError> all =
        Validation.check(object, before.map(JsonNode.class::cast), resource.schema(), errors);
    if (!all.isEmpty()) {
      throw refusal(resource, Metadata.name(object), all);
    }
  }

  /**
   * The refusal of an object with errors. A real server decodes a built-in kind into a type of its
   * own, so a value of the wrong type makes the request malformed.
   */
  private static ApiException refusal(Resource resource, String name, List<FieldError> errors) {
    List<FieldError> types =
        errors.stream().filter(error -> error.type() == FieldError.Type.TYPE_INVALID).toList();
    if (!resource.has(Trait.CUSTOM) && !types.isEmpty()) {
      return ApiException.badRequest(
          cannotBeHandled(resource)
              + types.stream().map(FieldError::toString).collect(Collectors.joining(", ")));
    }
    return ApiException.invalid(resource.kind(), resource.id().group(), name, errors);
  }

  private static String cannotBeHandled(Resource resource) {
    return resource.kind()
        + " in version \""
        + resource.version()
        + "\" cannot be handled as a "
        + resource.kind()
        + ": ";
  }

  /**
   * Checks that a body is of the resource that the request names.
   *
   * @throws ApiException 400 or 422 when the body is of another resource
   */
  static ObjectNode checkType(Resource resource, JsonNode body) {
    if (!(body instanceof ObjectNode object)
        || Json.text(body, "kind").isEmpty()
        || Json.text(body, "apiVersion").isEmpty()) {
      throw ApiException.badRequest(
          "the object provided is unrecognized (must be of type "
              + resource.kind()
              + "): Object 'Kind' or 'apiVersion' is missing");
    }
    String apiVersion = object.path("apiVersion").asText();
    if (!apiVersion.equals(resource.apiVersion())) {
      throw ApiException.badRequest(
          "the API version in the data ("
              + apiVersion
              + ") does not match the expected API version ("
              + resource.apiVersion()
              + ")");
    }
    if (!object.path("kind").asText().equals(resource.kind())) {
      throw ApiException.invalid(
          object.path("kind").asText(),
          resource.id().group(),
          Metadata.name(object),
          List.of(FieldError.invalid("kind", object.path("kind"), "must be " + resource.kind())));
    }
    return object.deepCopy();
  }
}
