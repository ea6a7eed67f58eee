package dev.darkroom.e2e.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.GroupResource;
import dev.darkroom.e2e.apiserver.model.JsonPath;
import dev.darkroom.e2e.apiserver.model.MetadataRules.NameRule;
import dev.darkroom.e2e.apiserver.schema.Schema;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One served version of a kind.
 *
 * @param names names of the kind
 * @param version API version within the group
 * @param scope namespaced or cluster-wide
 * @param nameRule syntax of the names of objects
 * @param traits differences from a plain kind
 * @param storage place and version of the stored objects
 * @param schema compiled schema
 * @param openApi the same schema as OpenAPI, for OpenAPI documents
 * @param columns columns of the table for {@code kubectl get}
 * @param selectable fields for field selectors, in addition to name and namespace
 */
public record Resource(
    Names names,
    String version,
    Scope scope,
    NameRule nameRule,
    Set<Trait> traits,
    Storage storage,
    Schema schema,
    ObjectNode openApi,
    List<Column> columns,
    Map<String, JsonPath> selectable) {

  /**
   * The names of a kind.
   *
   * @param id group and plural name
   * @param kind e.g. {@code Image}
   * @param singular e.g. {@code image}
   * @param shortNames abbreviations
   * @param categories groups of kinds that include this kind, e.g. {@code all}
   */
  public record Names(
      GroupResource id,
      String kind,
      String singular,
      List<String> shortNames,
      List<String> categories) {}

  /** Whether objects belong to namespaces. */
  public enum Scope {
    /** Every object belongs to a namespace. */
    NAMESPACED,
    /** Objects are cluster-wide. */
    CLUSTER
  }

  /** A difference from a plain kind. */
  public enum Trait {
    /** A CRD defines the kind. */
    CUSTOM,
    /** Only the status subresource writes the status. */
    STATUS,
    /** The server counts changes of all fields except metadata and status. */
    GENERATION,
    /** A PUT without a resource version overwrites the object. */
    UNCONDITIONAL_UPDATE,
    /** The server answers objects of the kind and does not store them. */
    REVIEW
  }

  /**
   * The storage of objects. Two resources with the same place share their objects.
   *
   * @param place resource under which the objects are stored
   * @param apiVersion version of the stored objects
   * @param renames top-level fields with another name in storage: served name to stored name
   */
  public record Storage(GroupResource place, String apiVersion, Map<String, String> renames) {}

  /** Group and plural name. */
  public GroupResource id() {
    return names.id();
  }

  /** The kind's name. */
  public String kind() {
    return names.kind();
  }

  /** Group and version as spelt in objects. */
  public String apiVersion() {
    return id().group().isEmpty() ? version : id().group() + "/" + version;
  }

  /** Whether the kind has a trait. */
  public boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /** Whether the objects belong to namespaces. */
  public boolean isNamespaced() {
    return scope == Scope.NAMESPACED;
  }

  /** Converts a stored object to this version; returns the same instance when nothing differs. */
  public ObjectNode fromStorage(ObjectNode stored) {
    if (storage.apiVersion().equals(apiVersion())) {
      return stored;
    }
    ObjectNode shown = stored.deepCopy().put("apiVersion", apiVersion());
    storage.renames().forEach((here, there) -> rename(shown, there, here));
    return shown;
  }

  /**
   * Converts an object of this version for storage; returns the same instance when nothing differs.
   */
  public ObjectNode toStorage(ObjectNode object) {
    if (storage.apiVersion().equals(apiVersion())) {
      return object;
    }
    ObjectNode stored = object.deepCopy().put("apiVersion", storage.apiVersion());
    storage.renames().forEach((here, there) -> rename(stored, here, there));
    return stored;
  }

  private static void rename(ObjectNode object, String from, String to) {
    if (object.has(from)) {
      object.set(to, object.remove(from));
    }
  }
}
