package dev.darkroom.e2e.apiserver.schema;

import dev.cel.common.types.CelType;
import dev.darkroom.e2e.apiserver.schema.Schema.ListType;

/**
 * Where in a resource a CEL rule stands: the schema of {@code self}, its type, and whether the old
 * value of the same place can be found, so that {@code oldSelf} means something.
 *
 * @param schema schema of {@code self}
 * @param typeName name under which an object here is declared to CEL
 * @param correlation whether an old value can be found
 */
record CelScope(Schema schema, String typeName, Correlation correlation) {

  enum Correlation {
    POSSIBLE,
    /** Under a list whose elements have no identity. */
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
