package dev.darkroom.e2e.apiserver.resource;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.Json;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.Map;
import java.util.Set;

/**
 * Schemas of built-in kinds, derived from the client's model classes: field names and types for
 * pruning, strict decoding and {@code kubectl explain}. The schemas contain no descriptions.
 */
final class ModelSchemas {
  /** Lists that Kubernetes merges by key: name of the list field to name of the key field. */
  private static final Map<String, String> KEYED_LISTS =
      Map.of(
          "ownerReferences", "uid",
          "conditions", "type",
          "imagePullSecrets", "name",
          "secrets", "name");

  private ModelSchemas() {}

  /** The schema of a kind. */
  static ObjectNode of(Class<?> model) {
    return object(Json.mapper().constructType(model));
  }

  /** The schema of {@code metadata}. */
  static ObjectNode metadata() {
    return of(ObjectMeta.class).put("description", "Standard object's metadata.");
  }

  private static ObjectNode schema(JavaType type, String field) {
    ObjectNode schema = Json.object();
    Class<?> raw = type.getRawClass();
    if (type.isMapLikeType()) {
      schema.put("type", "object");
      schema.set("additionalProperties", schema(type.getContentType(), ""));
    } else if (type.isCollectionLikeType()) {
      schema.put("type", "array").set("items", schema(type.getContentType(), ""));
      identity(schema, field);
    } else if (Set.of(Integer.class, Long.class).contains(raw)) {
      schema.put("type", "integer");
    } else if (raw == Boolean.class) {
      schema.put("type", "boolean");
    } else if (Set.of(Float.class, Double.class).contains(raw)) {
      schema.put("type", "number");
    } else if (raw == Quantity.class || raw == IntOrString.class) {
      schema.put("x-kubernetes-int-or-string", true);
    } else if (raw == String.class || raw == MicroTime.class || type.isEnumType()) {
      schema.put("type", "string");
    } else if (isOpen(raw)) {
      schema.put("x-kubernetes-preserve-unknown-fields", true);
    } else {
      return object(type);
    }
    return schema;
  }

  private static ObjectNode object(JavaType type) {
    ObjectNode schema = Json.object().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    for (BeanPropertyDefinition property :
        Json.mapper().getDeserializationConfig().introspect(type).findProperties()) {
      if (property.getPrimaryMember() != null
          && !property.getName().equals("additionalProperties")) {
        properties.set(property.getName(), schema(property.getPrimaryType(), property.getName()));
      }
    }
    if (properties.isEmpty()) {
      schema.put("x-kubernetes-preserve-unknown-fields", true);
    }
    return schema;
  }

  private static boolean isOpen(Class<?> raw) {
    return raw == JSONSchemaProps.class || !raw.getName().startsWith("io.fabric8.kubernetes.api");
  }

  private static void identity(ObjectNode schema, String field) {
    if (field.equals("finalizers")) {
      schema.put("x-kubernetes-list-type", "set");
    } else if (KEYED_LISTS.containsKey(field)) {
      schema.put("x-kubernetes-list-type", "map");
      schema.putArray("x-kubernetes-list-map-keys").add(KEYED_LISTS.get(field));
    }
  }
}
