package dev.darkroom.e2e.apiserver.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * A set of field paths as a tree, in the notation of {@code fieldsV1} (Kubernetes API reference,
 * ManagedFieldsEntry): {@code f:name}, {@code k:{"key":"value"}}, {@code v:"value"}, and {@code .}
 * for the path itself. Immutable.
 *
 * @param member whether the path of this node is in the set
 * @param children the nodes below this one, by path element
 */
record FieldSet(boolean member, SortedMap<String, FieldSet> children) {
  static final FieldSet EMPTY = new FieldSet(false, new TreeMap<>());
  static final FieldSet LEAF = new FieldSet(true, new TreeMap<>());
  private static final String SELF = ".";

  static String field(String name) {
    return "f:" + name;
  }

  static FieldSet parse(JsonNode fieldsV1) {
    TreeMap<String, FieldSet> children = new TreeMap<>();
    for (var child : fieldsV1.properties()) {
      if (!child.getKey().equals(SELF)) {
        FieldSet below = parse(child.getValue());
        children.put(child.getKey(), below.isEmpty() ? LEAF : below);
      }
    }
    return new FieldSet(fieldsV1.has(SELF), children);
  }

  ObjectNode toJson() {
    ObjectNode node = Json.object();
    if (member && !children.isEmpty()) {
      node.putObject(SELF);
    }
    children.forEach((element, child) -> node.set(element, child.toJson()));
    return node;
  }

  boolean isEmpty() {
    return !member && children.isEmpty();
  }

  FieldSet child(String element) {
    return children.getOrDefault(element, EMPTY);
  }

  FieldSet union(FieldSet other) {
    return combine(other, (mine, theirs) -> mine || theirs);
  }

  FieldSet minus(FieldSet other) {
    return combine(other, (mine, theirs) -> mine && !theirs);
  }

  FieldSet intersect(FieldSet other) {
    return combine(other, (mine, theirs) -> mine && theirs);
  }

  /** This set, plus every path above a path in the set. */
  FieldSet withParents() {
    TreeMap<String, FieldSet> all = new TreeMap<>();
    children.forEach((element, child) -> all.put(element, child.withParents()));
    return new FieldSet(!isEmpty(), all);
  }

  /** This set without a path and all paths below it. */
  FieldSet without(List<String> path) {
    TreeMap<String, FieldSet> left = new TreeMap<>(children);
    if (path.size() == 1) {
      left.remove(path.get(0));
    } else {
      FieldSet below = child(path.get(0)).without(path.subList(1, path.size()));
      if (below.isEmpty()) {
        left.remove(path.get(0));
      } else {
        left.put(path.get(0), below);
      }
    }
    return new FieldSet(member, left);
  }

  /** This set without a path, but with the paths below it. */
  FieldSet withoutMember(List<String> path) {
    if (path.isEmpty()) {
      return new FieldSet(false, children);
    }
    TreeMap<String, FieldSet> left = new TreeMap<>(children);
    FieldSet below = child(path.get(0)).withoutMember(path.subList(1, path.size()));
    if (below.isEmpty()) {
      left.remove(path.get(0));
    } else {
      left.put(path.get(0), below);
    }
    return new FieldSet(member, left);
  }

  /** Every path in the notation of error messages, e.g. {@code .spec.ports[name="http"].port}. */
  List<String> paths() {
    List<String> paths = new ArrayList<>();
    collect("", paths);
    return paths;
  }

  private void collect(String path, List<String> paths) {
    if (member) {
      paths.add(path);
    }
    children.forEach((element, child) -> child.collect(path + readable(element), paths));
  }

  private static String readable(String element) {
    String rest = element.substring(2);
    return switch (element.charAt(0)) {
      case 'f' -> "." + rest;
      case 'k' -> {
        List<String> keys = new ArrayList<>();
        Json.parse(rest.getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .properties()
            .forEach(key -> keys.add(key.getKey() + "=" + key.getValue()));
        yield "[" + String.join(",", keys) + "]";
      }
      case 'v' -> "[=" + rest + "]";
      default -> "[" + rest + "]";
    };
  }

  private FieldSet combine(FieldSet other, BiPredicate<Boolean, Boolean> keep) {
    TreeMap<String, FieldSet> combined = new TreeMap<>();
    TreeMap<String, FieldSet> all = new TreeMap<>(children);
    other.children.forEach(all::putIfAbsent);
    for (String element : all.keySet()) {
      FieldSet child = child(element).combine(other.child(element), keep);
      if (!child.isEmpty()) {
        combined.put(element, child);
      }
    }
    return new FieldSet(keep.test(member, other.member), combined);
  }
}
