package dev.darkroom.e2e.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.darkroom.e2e.apiserver.model.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The limits of a single value, apart from its type.
 *
 * @param required required fields of an object
 * @param allowed the only values allowed; empty: any value
 * @param pattern regular expression that a string must contain a match of
 * @param format name of a string or number format; empty: no format
 * @param length bounds of a string's length in characters
 * @param count bounds of the number of list elements
 * @param fields bounds of the number of an object's fields
 * @param range bounds of a number
 * @param multipleOf divisor of a number; the number must be a multiple of it
 */
record Limits(
    List<String> required,
    List<JsonNode> allowed,
    Optional<Pattern> pattern,
    String format,
    Bounds length,
    Bounds count,
    Bounds fields,
    Range range,
    Optional<BigDecimal> multipleOf) {

  static final Limits NONE = parse(Json.object());

  record Bounds(OptionalInt min, OptionalInt max) {}

  record Range(Optional<Bound> min, Optional<Bound> max) {}

  enum Edge {
    INCLUSIVE,
    EXCLUSIVE
  }

  record Bound(BigDecimal value, Edge edge) {}

  /**
   * Reads the limits from a schema node.
   *
   * @throws java.util.regex.PatternSyntaxException when the pattern is not a regular expression
   */
  static Limits parse(JsonNode node) {
    return new Limits(
        Json.texts(node, "required"),
        Json.elements(node.path("enum")).toList(),
        Json.text(node, "pattern").map(Pattern::compile),
        Json.text(node, "format").orElse(""),
        bounds(node, "Length"),
        bounds(node, "Items"),
        bounds(node, "Properties"),
        new Range(
            bound(node, "minimum", "exclusiveMinimum"), bound(node, "maximum", "exclusiveMaximum")),
        decimal(node, "multipleOf"));
  }

  private static Bounds bounds(JsonNode node, String of) {
    return new Bounds(integer(node, "min" + of), integer(node, "max" + of));
  }

  private static OptionalInt integer(JsonNode node, String name) {
    return node.path(name).isNumber()
        ? OptionalInt.of(node.path(name).intValue())
        : OptionalInt.empty();
  }

  private static Optional<Bound> bound(JsonNode node, String name, String exclusive) {
    Edge edge = node.path(exclusive).asBoolean() ? Edge.EXCLUSIVE : Edge.INCLUSIVE;
    return decimal(node, name).map(value -> new Bound(value, edge));
  }

  private static Optional<BigDecimal> decimal(JsonNode node, String name) {
    return node.path(name).isNumber()
        ? Optional.of(node.path(name).decimalValue())
        : Optional.empty();
  }
}
