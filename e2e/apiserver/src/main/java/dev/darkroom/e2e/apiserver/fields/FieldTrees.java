package dev.darkroom.e2e.apiserver.fields;

import com.fasterxml.jackson.databind.JsonNode;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.schema.ListKeys;
import dev.darkroom.e2e.apiserver.schema.Schema;
import dev.darkroom.e2e.apiserver.schema.Schema.ListType;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Turns values into field sets, as sigs.k8s.io/structured-merge-diff defines them. The schema
 * decides which parts of a value have an owner of their own.
 */
final class FieldTrees {
  private FieldTrees() {}

  /**
   * The difference between two values.
   *
   * @param changed paths that are new or have another value
   * @param removed paths that no longer exist
   */
  record Difference(FieldSet changed, FieldSet removed) {
    private static final Difference NONE = new Difference(FieldSet.EMPTY, FieldSet.EMPTY);
  }

  /** The paths that an apply of this value claims. */
  static FieldSet claimed(JsonNode value, Schema schema) {
    if (isLeaf(value, schema)) {
      return FieldSet.LEAF;
    }
    boolean elements = value.isArray();
    TreeMap<String, FieldSet> children = new TreeMap<>();
    children(value, schema)
        .forEach(
            (element, child) -> {
              FieldSet below = claimed(child, child(schema, element));
              boolean itself = elements || !isProperty(schema, element) || below.isEmpty();
              children.put(element, new FieldSet(below.member() || itself, below.children()));
            });
    return new FieldSet(children.isEmpty() && !elements, children);
  }

  /** Every path in a value, each container included. */
  static FieldSet all(JsonNode value, Schema schema) {
    TreeMap<String, FieldSet> children = new TreeMap<>();
    if (!isLeaf(value, schema)) {
      children(value, schema)
          .forEach((element, child) -> children.put(element, all(child, child(schema, element))));
    }
    return new FieldSet(true, children);
  }

  /** The difference between two values at the same path. */
  static Difference between(JsonNode before, JsonNode after, Schema schema) {
    if (before.equals(after)) {
      return Difference.NONE;
    }
    if (isLeaf(before, schema)
        || isLeaf(after, schema)
        || before.getNodeType() != after.getNodeType()) {
      return new Difference(FieldSet.LEAF, FieldSet.EMPTY);
    }
    Map<String, JsonNode> old = children(before, schema);
    Map<String, JsonNode> now = children(after, schema);
    Set<String> elements = new LinkedHashSet<>(old.keySet());
    elements.addAll(now.keySet());
    TreeMap<String, FieldSet> changed = new TreeMap<>();
    TreeMap<String, FieldSet> removed = new TreeMap<>();
    for (String element : elements) {
      Schema nested = child(schema, element);
      if (!old.containsKey(element)) {
        changed.put(element, all(now.get(element), nested));
      } else if (!now.containsKey(element)) {
        removed.put(element, all(old.get(element), nested));
      } else {
        Difference below = between(old.get(element), now.get(element), nested);
        putUnlessEmpty(changed, element, below.changed());
        putUnlessEmpty(removed, element, below.removed());
      }
    }
    return new Difference(new FieldSet(false, changed), new FieldSet(false, removed));
  }

  /** Whether a value has one owner as a whole. */
  static boolean isLeaf(JsonNode value, Schema schema) {
    return switch (value.getNodeType()) {
      case OBJECT -> schema.has(Schema.Trait.ATOMIC_MAP);
      case ARRAY -> schema.listType() == ListType.ATOMIC;
      default -> true;
    };
  }

  /** The parts of a container, by path element, in order. */
  static Map<String, JsonNode> children(JsonNode value, Schema schema) {
    Map<String, JsonNode> children = new LinkedHashMap<>();
    if (value.isObject()) {
      value
          .properties()
          .forEach(field -> children.put(FieldSet.field(field.getKey()), field.getValue()));
    } else {
      value.forEach(element -> children.put(elementName(element, schema), element));
    }
    return children;
  }

  /** The schema of the part at a path element. */
  static Schema child(Schema schema, String element) {
    return element.startsWith("f:")
        ? schema.fieldOrAnything(element.substring(2))
        : schema.itemsOrAnything();
  }

  private static String elementName(JsonNode element, Schema schema) {
    return schema.listType() == ListType.SET
        ? "v:" + Json.write(element)
        : "k:" + Json.write(ListKeys.of(element, schema));
  }

  private static boolean isProperty(Schema schema, String element) {
    return schema.properties().containsKey(element.substring(2));
  }

  private static void putUnlessEmpty(Map<String, FieldSet> map, String element, FieldSet set) {
    if (!set.isEmpty()) {
      map.put(element, set);
    }
  }
}
