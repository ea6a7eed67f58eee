package dev.darkroom.e2e.apiserver.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.fields.ManagedFields.Entry;
import dev.darkroom.e2e.apiserver.fields.ManagedFields.Manager;
import dev.darkroom.e2e.apiserver.fields.ManagedFields.Operation;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.model.Metadata;
import dev.darkroom.e2e.apiserver.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Server-side apply, and the record of field owners for every other write (Kubernetes, "Server-Side
 * Apply").
 *
 * <p>Differences from a real server: the elements of a list keep their order, and new elements go
 * to the end; fields applied in one version of a kind are compared by name with fields of other
 * versions.
 */
public final class Ownership {
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private Ownership() {}

  /** Handling of fields that other managers own. */
  public enum Conflicts {
    /** Refuse the apply. */
    REFUSE,
    /** Take over the fields. */
    FORCE
  }

  /** The manager of an apply, and its handling of conflicts. */
  public record Applier(Manager manager, Conflicts conflicts) {}

  /**
   * Merges an applied configuration into an object and records the owners. Removes fields that the
   * same manager applied earlier and no longer applies.
   *
   * @param live the stored object, or an empty object for a creation; not changed
   * @throws ApiException 409 when the apply would change fields of other managers
   */
  public static ObjectNode apply(
      ObjectNode live, ObjectNode applied, Applier applier, Schema schema) {
    ObjectNode configuration = applied.deepCopy();
    Metadata.of(configuration).remove("managedFields");
    Manager manager = applier.manager();
    ManagedFields owners = ManagedFields.of(live);
    FieldSet claimed = ManagedFields.withoutServers(FieldTrees.claimed(configuration, schema));
    ObjectNode merged = (ObjectNode) merge(live, configuration, schema);
    FieldSet changed = FieldTrees.between(live, merged, schema).changed();
    if (applier.conflicts() == Conflicts.REFUSE) {
      refuseConflicts(owners.others(manager), changed.minus(yielded(live, manager, schema)));
    }
    owners =
        owners.map(
            entry ->
                entry.manager().equals(manager)
                    ? entry
                    : new Entry(entry.manager(), entry.time(), entry.fields().minus(changed)));
    FieldSet othersOwn =
        owners.others(manager).stream().map(Entry::fields).reduce(FieldSet.EMPTY, FieldSet::union);
    FieldSet dropped =
        owners
            .fields(manager)
            .withParents()
            .minus(claimed.withParents())
            .minus(othersOwn.withParents());
    ObjectNode pruned = (ObjectNode) prune(merged, dropped, schema);
    FieldSet gone = FieldTrees.between(merged, pruned, schema).removed();
    owners.without(gone).with(manager, Metadata.now(), claimed).writeTo(pruned);
    return pruned;
  }

  /**
   * Records in the new state the fields that a write other than an apply has changed.
   *
   * @param before the old state; empty when the object is new
   * @param after the new state, with the managed fields to start from; changed in place
   */
  public static void track(
      Optional<ObjectNode> before, ObjectNode after, Manager manager, Schema schema) {
    ManagedFields owners = ManagedFields.of(after);
    JsonNode old = before.<JsonNode>map(each -> each).orElse(Json.object());
    owners
        .afterUpdate(manager, Metadata.now(), FieldTrees.between(old, after, schema))
        .writeTo(after);
  }

  /** The manager of a write other than an apply. */
  public static Manager updater(String name, String apiVersion, String subresource) {
    return new Manager(name, Operation.UPDATE, apiVersion, subresource);
  }

  /**
   * The fields that kubectl's client-side apply gives up when kubectl applies the same object with
   * server-side apply: the fields of the configuration in the annotation of client-side apply.
   */
  private static FieldSet yielded(ObjectNode live, Manager manager, Schema schema) {
    return manager.name().equals("kubectl")
        ? Json.text(live, "metadata", "annotations", LAST_APPLIED)
            .map(text -> Json.parse(text.getBytes(StandardCharsets.UTF_8)))
            .map(configuration -> FieldTrees.claimed(configuration, schema))
            .orElse(FieldSet.EMPTY)
        : FieldSet.EMPTY;
  }

  private static void refuseConflicts(List<Entry> others, FieldSet changed) {
    List<ApiException.OwnedField> conflicts = new ArrayList<>();
    for (Entry entry : others) {
      for (String path : entry.fields().intersect(changed).paths()) {
        conflicts.add(new ApiException.OwnedField(entry.manager().described(), path));
      }
    }
    if (!conflicts.isEmpty()) {
      throw ApiException.applyConflict(conflicts);
    }
  }

  private static JsonNode merge(JsonNode live, JsonNode applied, Schema schema) {
    if (FieldTrees.isLeaf(applied, schema)
        || FieldTrees.isLeaf(live, schema)
        || live.getNodeType() != applied.getNodeType()) {
      return applied.deepCopy();
    }
    Map<String, JsonNode> parts = new LinkedHashMap<>(FieldTrees.children(live, schema));
    FieldTrees.children(applied, schema)
        .forEach(
            (element, value) ->
                parts.merge(
                    element,
                    value,
                    (mine, theirs) -> merge(mine, theirs, FieldTrees.child(schema, element))));
    return assemble(live, parts);
  }

  /**
   * Removes the fields that a manager no longer applies. The set must not contain fields of other
   * managers.
   */
  private static JsonNode prune(JsonNode value, FieldSet dropped, Schema schema) {
    if (dropped.children().isEmpty() || FieldTrees.isLeaf(value, schema)) {
      return value;
    }
    Map<String, JsonNode> left = new LinkedHashMap<>();
    FieldTrees.children(value, schema)
        .forEach(
            (element, part) -> {
              FieldSet out = dropped.child(element);
              if (!out.member()) {
                left.put(element, prune(part, out, FieldTrees.child(schema, element)));
              }
            });
    return assemble(value, left);
  }

  private static JsonNode assemble(JsonNode like, Map<String, JsonNode> parts) {
    if (like.isArray()) {
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      parts.values().forEach(list::add);
      return list;
    }
    ObjectNode object = Json.object();
    parts.forEach((element, value) -> object.set(element.substring(2), value));
    return object;
  }
}
