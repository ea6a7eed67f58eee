package dev.darkroom.e2e.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.schema.Schema.Trait;

/**
 * Fills in defaults, in place. A null counts as absent where the schema allows no null: the default
 * replaces it, or the field is removed.
 */
public final class Defaults {
  private Defaults() {}

  /** Applies the schema's defaults to a value and all values in it. */
  public static void apply(JsonNode value, Schema schema) {
    if (value instanceof ObjectNode object) {
      dropNulls(object, schema);
      schema
          .properties()
          .forEach(
              (name, property) -> {
                if (!object.has(name) && property.defaultValue().isPresent()) {
                  object.set(name, property.defaultValue().get().deepCopy());
                }
              });
      object
          .properties()
          .forEach(
              field ->
                  schema
                      .field(field.getKey())
                      .ifPresent(nested -> apply(field.getValue(), nested)));
    } else if (schema.items().isPresent()) {
      Json.elements(value).forEach(element -> apply(element, schema.items().get()));
    }
  }

  private static void dropNulls(ObjectNode object, Schema schema) {
    object
        .properties()
        .removeIf(
            field ->
                field.getValue().isNull()
                    && schema
                        .field(field.getKey())
                        .filter(nested -> !nested.has(Trait.NULLABLE))
                        .isPresent());
  }
}
