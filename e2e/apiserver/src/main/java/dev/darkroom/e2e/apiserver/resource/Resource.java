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
 * One kind in one version, as it is served.
 *
 * @param names what it is called
 * @param version API version within the group
 * @param scope where its objects live
 * @param nameRule how its objects' names are spelt
 * @param traits how it differs from a plain kind
 * @param storage where and as what its objects are stored
 * @param schema compiled schema
 * @param openApi the same schema as OpenAPI, for documents
 * @param columns columns of its table
 * @param selectable fields that a field selector may name, apart from name and namespace
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
   * What a kind is called.
   *
   * @param id its group and plural name
   * @param kind e.g. {@code Image}
   * @param singular e.g. {@code image}
   * @param shortNames abbreviations
   * @param categories groups of kinds it belongs to, e.g. {@code all}
   */
  public record Names(
      GroupResource id,
      String kind,
      String singular,
      List<String> shortNames,
      List<String> categories) {}

  /** Where objects live. */
  public enum Scope {
    /** In a namespace. */
    NAMESPACED,
    /** Beside the namespaces. */
    CLUSTER
  }

  /** What sets a kind apart. */
  public enum Trait {
    /** It comes from a CRD. */
    CUSTOM,
    /** Status is written through its own subresource only. */
    STATUS,
    /** The server counts changes of everything but metadata and status. */
    GENERATION,
    /** A PUT without a resource version overwrites. */
    UNCONDITIONAL_UPDATE,
    /** It is answered, not stored. */
    REVIEW
  }

  /**
   * How objects are stored. Two resources with the same place share their objects.
   *
   * @param place where
   * @param apiVersion the version they have there
   * @param renames top-level fields that are called otherwise there: name here, name there
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

  /** Group and version as objects write them. */
  public String apiVersion() {
    return id().group().isEmpty() ? version : id().group() + "/" + version;
  }

  /** Whether it has that trait. */
  public boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /** Whether its objects live in namespaces. */
  public boolean isNamespaced() {
    return scope == Scope.NAMESPACED;
  }

  /** A stored object in this version; the very same one where nothing differs. */
  public ObjectNode fromStorage(ObjectNode stored) {
    if (storage.apiVersion().equals(apiVersion())) {
      return stored;
    }
    ObjectNode shown = stored.deepCopy().put("apiVersion", apiVersion());
    storage.renames().forEach((here, there) -> rename(shown, there, here));
    return shown;
  }

  /** An object of this version as it is stored; the very same one where nothing differs. */
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
