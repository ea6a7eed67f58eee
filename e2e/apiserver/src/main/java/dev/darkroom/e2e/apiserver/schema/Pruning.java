package dev.darkroom.e2e.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Removes, in place, the fields that a schema does not know. */
public final class Pruning {
  private static final Set<String> EMBEDDED = Set.of("apiVersion", "kind", "metadata");

  private final List<String> removed = new ArrayList<>();

  private Pruning() {}

  /** Prunes a value; returns the paths of the removed fields. */
  public static List<String> apply(JsonNode value, Schema schema) {
    Pruning pruning = new Pruning();
    pruning.prune(value, schema, "");
    return pruning.removed;
  }

  private void prune(JsonNode value, Schema schema, String path) {
    if (value instanceof ObjectNode object) {
      object.properties().removeIf(field -> !keeps(field, schema, path));
    } else if (value.isArray() && schema.items().isPresent()) {
      for (int i = 0; i < value.size(); i++) {
        prune(value.get(i), schema.items().get(), path + "[" + i + "]");
      }
    }
  }

  private boolean keeps(Map.Entry<String, JsonNode> field, Schema schema, String path) {
    String at = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
    Optional<Schema> nested = schema.field(field.getKey());
    if (nested.isPresent()) {
      prune(field.getValue(), nested.get(), at);
    } else if (!schema.keepsUnknown() && !isImplied(field.getKey(), schema)) {
      removed.add(at);
      return false;
    }
    return true;
  }

  private static boolean isImplied(String field, Schema schema) {
    return schema.has(Schema.Trait.EMBEDDED_RESOURCE) && EMBEDDED.contains(field);
  }
}
