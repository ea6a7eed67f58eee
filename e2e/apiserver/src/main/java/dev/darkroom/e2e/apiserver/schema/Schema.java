package dev.darkroom.e2e.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One node of a structural schema (Kubernetes, "Extend the Kubernetes API with
 * CustomResourceDefinitions", "Specifying a structural schema"), compiled and immutable.
 *
 * @param type JSON type of the value
 * @param properties declared properties of an object
 * @param additional schema of an object's other fields; empty when there is none
 * @param items schema of a list's elements
 * @param listType identity of list elements
 * @param listKeys key fields of the elements of a {@link ListType#MAP}
 * @param defaultValue default of an absent field
 * @param traits the {@code x-kubernetes-…} and nullable switches
 * @param limits limits of the value, apart from its type
 * @param junctors nested value validations
 * @param rules CEL rules
 */
public record Schema(
    Type type,
    Map<String, Schema> properties,
    Optional<Schema> additional,
    Optional<Schema> items,
    ListType listType,
    List<String> listKeys,
    Optional<JsonNode> defaultValue,
    Set<Trait> traits,
    Limits limits,
    List<Junctor> junctors,
    List<CelRule> rules) {

  /** The schema without restrictions: allows any value, and lists are replaced as a whole. */
  public static final Schema ANYTHING =
      new Schema(
          Type.ANY,
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          ListType.ATOMIC,
          List.of(),
          Optional.empty(),
          Set.of(Trait.PRESERVE_UNKNOWN),
          Limits.NONE,
          List.of(),
          List.of());

  /** The JSON types of OpenAPI; {@link #ANY} for a schema without a type. */
  public enum Type {
    /** An object. */
    OBJECT,
    /** A list. */
    ARRAY,
    /** Text. */
    STRING,
    /** A whole number. */
    INTEGER,
    /** Any number. */
    NUMBER,
    /** True or false. */
    BOOLEAN,
    /** No type given. */
    ANY;

    /** The type as spelt in OpenAPI. */
    public String spelt() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Topology of a list ({@code x-kubernetes-list-type}). */
  public enum ListType {
    /** Replaced as a whole. */
    ATOMIC,
    /** Scalars, each at most once. */
    SET,
    /** Objects, identified by key fields. */
    MAP
  }

  /** Switches of a node. */
  public enum Trait {
    /** {@code nullable}. */
    NULLABLE,
    /** {@code x-kubernetes-preserve-unknown-fields}. */
    PRESERVE_UNKNOWN,
    /** {@code x-kubernetes-int-or-string}. */
    INT_OR_STRING,
    /** {@code x-kubernetes-embedded-resource}. */
    EMBEDDED_RESOURCE,
    /** {@code x-kubernetes-map-type: atomic}. */
    ATOMIC_MAP
  }

  /**
   * A logical combination of value validations.
   *
   * @param kind kind of the combination
   * @param schemas combined schemas; exactly one with {@link Kind#NOT}
   */
  public record Junctor(Kind kind, List<Schema> schemas) {
    /** The combinations of OpenAPI v3. */
    public enum Kind {
      /** Every schema holds. */
      ALL_OF,
      /** At least one schema holds. */
      ANY_OF,
      /** Exactly one schema holds. */
      ONE_OF,
      /** The schema does not hold. */
      NOT
    }
  }

  /** Whether the node has a switch. */
  public boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /** Whether unknown fields are kept. */
  public boolean keepsUnknown() {
    return has(Trait.PRESERVE_UNKNOWN);
  }

  /** The schema of an object's field: of its property, else of additional fields; may be empty. */
  public Optional<Schema> field(String name) {
    Schema property = properties.get(name);
    return property == null ? additional : Optional.of(property);
  }

  /** The schema of a field; {@link #ANYTHING} for an unknown field. */
  public Schema fieldOrAnything(String name) {
    return field(name).orElse(ANYTHING);
  }

  /** The schema of a list's elements; {@link #ANYTHING} when there is none. */
  public Schema itemsOrAnything() {
    return items.orElse(ANYTHING);
  }

  /** Whether this node or one below it has CEL rules. */
  public boolean hasRules() {
    return !rules.isEmpty()
        || properties.values().stream().anyMatch(Schema::hasRules)
        || additional.stream().anyMatch(Schema::hasRules)
        || items.stream().anyMatch(Schema::hasRules);
  }
}
