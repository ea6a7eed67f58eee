package dev.darkroom.e2e.apiserver.schema;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.darkroom.e2e.apiserver.schema.Schema.Trait;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The CEL types of a resource. With them, a rule about a field that does not exist is refused at
 * the write of the CRD, not at the write of an object.
 */
final class CelTypes implements CelTypeProvider {
  static final String ROOT = "object";

  /** Reserved words of CEL; expressions spell a property of that name as {@code __word__}. */
  private static final Set<String> RESERVED =
      Set.of(
          "true",
          "false",
          "null",
          "in",
          "as",
          "break",
          "const",
          "continue",
          "else",
          "for",
          "function",
          "if",
          "import",
          "let",
          "loop",
          "package",
          "namespace",
          "return",
          "var",
          "void",
          "while");

  private final ImmutableMap<String, CelType> declared;

  CelTypes(Schema root) {
    Map<String, CelType> found = new HashMap<>();
    of(root, ROOT, found);
    declared = ImmutableMap.copyOf(found);
  }

  @Override
  public ImmutableCollection<CelType> types() {
    return declared.values();
  }

  @Override
  public Optional<CelType> findType(String name) {
    return Optional.ofNullable(declared.get(name));
  }

  static String property(String owner, String name) {
    return owner + "." + escape(name);
  }

  static String additional(String owner) {
    return owner + ".__values";
  }

  static String items(String owner) {
    return owner + ".__items";
  }

  /** The type of a value with this schema, at the place with this type name. */
  CelType of(Schema schema, String name) {
    return of(schema, name, new HashMap<>(declared));
  }

  private static CelType of(Schema schema, String name, Map<String, CelType> declared) {
    if (schema.has(Trait.INT_OR_STRING)) {
      return SimpleType.DYN;
    }
    return switch (schema.type()) {
      case STRING -> string(schema.limits().format());
      case INTEGER -> SimpleType.INT;
      case NUMBER -> SimpleType.DOUBLE;
      case BOOLEAN -> SimpleType.BOOL;
      case ARRAY ->
          ListType.create(
              schema.items().map(items -> of(items, items(name), declared)).orElse(SimpleType.DYN));
      case OBJECT -> object(schema, name, declared);
      case ANY -> SimpleType.DYN;
    };
  }

  private static CelType object(Schema schema, String name, Map<String, CelType> declared) {
    if (schema.additional().isPresent()) {
      return MapType.create(
          SimpleType.STRING, of(schema.additional().get(), additional(name), declared));
    }
    if (schema.properties().isEmpty()) {
      return schema.keepsUnknown() ? SimpleType.DYN : declare(name, ImmutableMap.of(), declared);
    }
    ImmutableMap.Builder<String, CelType> fields = ImmutableMap.builder();
    schema
        .properties()
        .forEach((key, each) -> fields.put(escape(key), of(each, property(name, key), declared)));
    return declare(name, fields.buildOrThrow(), declared);
  }

  private static CelType declare(
      String name, ImmutableMap<String, CelType> fields, Map<String, CelType> declared) {
    return declared.computeIfAbsent(
        name,
        unused ->
            StructType.create(
                name,
                ImmutableSet.copyOf(fields.keySet()),
                field -> Optional.ofNullable(fields.get(field))));
  }

  private static CelType string(String format) {
    return switch (format) {
      case "date", "date-time" -> SimpleType.TIMESTAMP;
      case "duration" -> SimpleType.DURATION;
      case "byte" -> SimpleType.BYTES;
      default -> SimpleType.STRING;
    };
  }

  /** A property's name as spelt in expressions (Kubernetes, "CEL in Kubernetes", escaping). */
  static String escape(String property) {
    return RESERVED.contains(property)
        ? "__" + property + "__"
        : property
            .replace("__", "__underscores__")
            .replace(".", "__dot__")
            .replace("-", "__dash__")
            .replace("/", "__slash__");
  }
}
