package dev.darkroom.e2e.apiserver.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The owners of an object's fields, as in {@code metadata.managedFields}. Immutable.
 *
 * @param entries one entry for each manager, operation, version and subresource
 */
public record ManagedFields(List<Entry> entries) {

  /** The operation by which a manager owns fields. */
  public enum Operation {
    /** Server-side apply. */
    APPLY("Apply"),
    /** Any other write. */
    UPDATE("Update");

    private final String spelt;

    Operation(String spelt) {
      this.spelt = spelt;
    }

    /** The operation as spelt in an entry. */
    public String spelt() {
      return spelt;
    }
  }

  /**
   * A field manager: the author of a write, and the kind of write.
   *
   * @param name name of the manager
   * @param operation apply or any other write
   * @param apiVersion version of the kind in the write
   * @param subresource subresource of the write; empty for the object itself
   */
  public record Manager(String name, Operation operation, String apiVersion, String subresource) {
    /** The manager as named in the message of a conflict. */
    String described() {
      return '"'
          + name
          + '"'
          + (subresource.isEmpty() ? "" : " with subresource \"" + subresource + '"')
          + (operation == Operation.UPDATE ? " using " + apiVersion : "");
    }
  }

  record Entry(Manager manager, String time, FieldSet fields) {}

  /** Fields that only the server writes; they have no manager. */
  private static final List<List<String>> SERVERS_OWN =
      List.of(
          List.of("f:apiVersion"),
          List.of("f:kind"),
          List.of("f:metadata", "f:name"),
          List.of("f:metadata", "f:namespace"),
          List.of("f:metadata", "f:uid"),
          List.of("f:metadata", "f:resourceVersion"),
          List.of("f:metadata", "f:generation"),
          List.of("f:metadata", "f:creationTimestamp"),
          List.of("f:metadata", "f:deletionTimestamp"),
          List.of("f:metadata", "f:deletionGracePeriodSeconds"),
          List.of("f:metadata", "f:selfLink"),
          List.of("f:metadata", "f:managedFields"));

  /** The entries of an object. */
  public static ManagedFields of(JsonNode object) {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode entry : Json.at(object, "metadata", "managedFields")) {
      if (entry.path("manager").isTextual()) {
        Operation operation =
            entry.path("operation").asText().equals(Operation.APPLY.spelt)
                ? Operation.APPLY
                : Operation.UPDATE;
        entries.add(
            new Entry(
                new Manager(
                    entry.path("manager").asText(),
                    operation,
                    entry.path("apiVersion").asText(),
                    entry.path("subresource").asText()),
                entry.path("time").asText(),
                FieldSet.parse(entry.path("fieldsV1"))));
      }
    }
    return new ManagedFields(entries);
  }

  /** Writes the entries into an object; removes the field when there are no entries. */
  public void writeTo(ObjectNode object) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    entries.stream()
        .sorted(
            Comparator.comparing((Entry entry) -> entry.manager().operation())
                .thenComparing(Entry::time)
                .thenComparing(entry -> entry.manager().name()))
        .forEach(entry -> array.add(json(entry)));
    ObjectNode metadata = Json.child(object, "metadata");
    if (array.isEmpty()) {
      metadata.remove("managedFields");
    } else {
      metadata.set("managedFields", array);
    }
  }

  /**
   * The entries after a write without conflict checks: the manager owns what it changed, and
   * removed fields have no owner.
   */
  ManagedFields afterUpdate(Manager manager, String now, FieldTrees.Difference difference) {
    FieldSet changed = withoutServers(difference.changed());
    FieldSet removed = difference.removed();
    ManagedFields others =
        map(entry -> entry.manager().equals(manager) ? entry : reduced(entry, changed, removed));
    FieldSet mine = others.fields(manager).union(changed).minus(removed);
    return others.with(manager, now, mine);
  }

  /** The entries after these fields were removed from the object. */
  ManagedFields without(FieldSet gone) {
    return map(entry -> new Entry(entry.manager(), entry.time(), entry.fields().minus(gone)));
  }

  /**
   * The entries with new fields for this manager. The time of its entry changes only when the
   * fields differ.
   */
  ManagedFields with(Manager manager, String now, FieldSet fields) {
    if (fields.equals(fields(manager))) {
      return this;
    }
    List<Entry> changed = new ArrayList<>(entries);
    changed.removeIf(entry -> entry.manager().equals(manager));
    if (!fields.isEmpty()) {
      changed.add(new Entry(manager, now, fields));
    }
    return new ManagedFields(changed);
  }

  FieldSet fields(Manager manager) {
    return entry(manager).map(Entry::fields).orElse(FieldSet.EMPTY);
  }

  List<Entry> others(Manager manager) {
    return entries.stream().filter(entry -> !entry.manager().equals(manager)).toList();
  }

  ManagedFields map(UnaryOperator<Entry> change) {
    return new ManagedFields(
        entries.stream().map(change).filter(entry -> !entry.fields().isEmpty()).toList());
  }

  static FieldSet withoutServers(FieldSet fields) {
    FieldSet left = fields;
    for (List<String> path : SERVERS_OWN) {
      left = left.without(path);
    }
    // The object itself and its metadata always exist and have no manager.
    return left.withoutMember(List.of()).withoutMember(List.of("f:metadata"));
  }

  private Optional<Entry> entry(Manager manager) {
    return entries.stream().filter(entry -> entry.manager().equals(manager)).findFirst();
  }

  private static Entry reduced(Entry entry, FieldSet changed, FieldSet removed) {
    return new Entry(entry.manager(), entry.time(), entry.fields().minus(changed).minus(removed));
  }

  private static ObjectNode json(Entry entry) {
    ObjectNode json =
        Json.object()
            .put("manager", entry.manager().name())
            .put("operation", entry.manager().operation().spelt())
            .put("apiVersion", entry.manager().apiVersion())
            .put("time", entry.time())
            .put("fieldsType", "FieldsV1");
    json.set("fieldsV1", entry.fields().toJson());
    if (!entry.manager().subresource().isEmpty()) {
      json.put("subresource", entry.manager().subresource());
    }
    return json;
  }
}
