package dev.darkroom.e2e.apiserver.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.schema.ListKeys;
import dev.darkroom.e2e.apiserver.schema.Schema;
import dev.darkroom.e2e.apiserver.schema.Schema.ListType;
import java.util.ArrayList;
import java.util.List;

/**
 * Strategic merge patch (Kubernetes community, "Strategic Merge Patch"): works like a merge patch,
 * but merges lists whose elements have keys element by element. Ignores the requested order of
 * elements ({@code $setElementOrder}): existing elements keep their order, and new elements go to
 * the end.
 */
public final class StrategicMergePatch {
  private static final String DIRECTIVE = "$patch";
  private static final String DELETE_FROM = "$deleteFromPrimitiveList/";

  private StrategicMergePatch() {}

  /** Applies the patch to the target and returns the result; does not change its arguments. */
  public static JsonNode apply(JsonNode target, JsonNode patch, Schema schema) {
    if (!(patch instanceof ObjectNode)) {
      return patch.deepCopy();
    }
    ObjectNode merged =
        target instanceof ObjectNode object && !isDirective(patch, "replace")
            ? object.deepCopy()
            : Json.object();
    for (var field : patch.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      if (name.startsWith(DELETE_FROM)) {
        String list = name.substring(DELETE_FROM.length());
        merged.set(list, without(merged.path(list), value));
      } else if (value.isNull() || isDirective(value, "delete")) {
        merged.remove(name);
      } else if (!name.startsWith("$")) {
        Schema nested = schema.fieldOrAnything(name);
        merged.set(
            name,
            value.isArray() && nested.listType() != ListType.ATOMIC
                ? mergeList(merged.path(name), value, nested)
                : apply(merged.path(name), value, nested));
      }
    }
    return merged;
  }

  private static ArrayNode mergeList(JsonNode target, JsonNode patch, Schema schema) {
    List<JsonNode> merged = new ArrayList<>(Json.elements(target).toList());
    for (JsonNode element : patch) {
      if (isDirective(element, "replace") && element.size() == 1) {
        merged.clear();
        continue;
      }
      int place = find(merged, element, schema);
      if (isDirective(element, "delete")) {
        if (place >= 0) {
          merged.remove(place);
        }
      } else if (place < 0) {
        merged.add(apply(Json.object(), element, schema.itemsOrAnything()));
      } else {
        merged.set(place, apply(merged.get(place), element, schema.itemsOrAnything()));
      }
    }
    return JsonNodeFactory.instance.arrayNode().addAll(merged);
  }

  private static int find(List<JsonNode> list, JsonNode element, Schema schema) {
    for (int i = 0; i < list.size(); i++) {
      boolean same =
          schema.listType() == ListType.SET
              ? list.get(i).equals(element)
              : ListKeys.of(list.get(i), schema).equals(ListKeys.of(element, schema));
      if (same) {
        return i;
      }
    }
    return -1;
  }

  private static ArrayNode without(JsonNode list, JsonNode removed) {
    List<JsonNode> gone = Json.elements(removed).toList();
    ArrayNode kept = JsonNodeFactory.instance.arrayNode();
    Json.elements(list).filter(each -> !gone.contains(each)).forEach(kept::add);
    return kept;
  }

  private static boolean isDirective(JsonNode value, String what) {
    return value.path(DIRECTIVE).asText().equals(what);
  }
}
