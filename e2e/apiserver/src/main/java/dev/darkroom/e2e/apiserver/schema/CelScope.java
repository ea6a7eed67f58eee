package dev.darkroom.e2e.apiserver.schema;

import dev.cel.common.types.CelType;
import dev.darkroom.e2e.apiserver.schema.Schema.ListType;

/**
 * The place of a CEL rule in a resource: the schema and the type of {@code self}, and whether the
 * old value of the same place can be found. Only then does {@code oldSelf} have a value.
 *
 * @param schema schema of {@code self}
 * @param typeName name of the CEL type for an object at this place
 * @param correlation whether an old value can be found
 */
record CelScope(Schema schema, String typeName, Correlation correlation) {

  enum Correlation {
    POSSIBLE,
    /** Below a list whose elements have no key. */
    IMPOSSIBLE
  }

  static CelScope root(Schema schema) {
    return new CelScope(schema, CelTypes.ROOT, Correlation.POSSIBLE);
  }

  CelScope property(String name) {
    return below(schema.properties().get(name), CelTypes.property(typeName, name));
  }

  CelScope additional() {
    return below(schema.additional().orElseThrow(), CelTypes.additional(typeName));
  }

  CelScope items() {
    Correlation elements = schema.listType() == ListType.MAP ? correlation : Correlation.IMPOSSIBLE;
    return new CelScope(schema.items().orElseThrow(), CelTypes.items(typeName), elements);
  }

  CelType type(CelTypes types) {
    return types.of(schema, typeName);
  }

  private CelScope below(Schema next, String name) {
    return new CelScope(next, name, correlation);
  }
}
