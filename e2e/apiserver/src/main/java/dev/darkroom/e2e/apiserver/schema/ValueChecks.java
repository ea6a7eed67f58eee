package dev.darkroom.e2e.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.darkroom.e2e.apiserver.model.FieldError;
import dev.darkroom.e2e.apiserver.schema.Limits.Bound;
import dev.darkroom.e2e.apiserver.schema.Limits.Bounds;
import dev.darkroom.e2e.apiserver.schema.Limits.Edge;
import dev.darkroom.e2e.apiserver.schema.Schema.Trait;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Checks one value by itself; reports errors in the wording of a Kubernetes API server. */
final class ValueChecks {
  private ValueChecks() {}

  static Optional<FieldError> type(JsonNode value, Schema schema, String path) {
    if (schema.has(Trait.INT_OR_STRING)) {
      return value.isIntegralNumber() || value.isTextual()
          ? Optional.empty()
          : Optional.of(wrongType(value, "integer,string", path));
    }
    boolean right =
        switch (schema.type()) {
          case OBJECT -> value.isObject();
          case ARRAY -> value.isArray();
          case STRING -> value.isTextual();
          case INTEGER -> isWhole(value);
          case NUMBER -> value.isNumber();
          case BOOLEAN -> value.isBoolean();
          case ANY -> true;
        };
    if (!right) {
      return Optional.of(wrongType(value, schema.type().spelt(), path));
    }
    String format = schema.limits().format();
    if (value.isTextual() && !Formats.matches(format, value.textValue())) {
      String must = path + " in body must be of type " + format + ": " + value;
      return Optional.of(
          new FieldError(
              FieldError.Type.TYPE_INVALID, path, "Invalid value: " + value + ": " + must));
    }
    return Optional.empty();
  }

  static void limits(JsonNode value, Limits limits, String path, List<FieldError> errors) {
    if (!limits.allowed().isEmpty() && !limits.allowed().contains(value)) {
      errors.add(FieldError.unsupported(path, value, limits.allowed()));
    }
    switch (value.getNodeType()) {
      case OBJECT -> {
        for (String name : limits.required()) {
          if (!value.has(name)) {
            errors.add(FieldError.required(path.isEmpty() ? name : path + "." + name));
          }
        }
        count(value.size(), limits.fields(), "properties", path, errors);
      }
      case ARRAY -> count(value.size(), limits.count(), "items", path, errors);
      case STRING -> string(value.textValue(), limits, path, errors);
      case NUMBER -> number(value, limits, path, errors);
      default -> {}
    }
  }

  private static void string(String text, Limits limits, String path, List<FieldError> errors) {
    int length = text.codePointCount(0, text.length());
    if (length > limits.length().max().orElse(Integer.MAX_VALUE)) {
      errors.add(
          new FieldError(
              FieldError.Type.TOO_LONG,
              path,
              "Too long: may not be more than " + limits.length().max().getAsInt() + " bytes"));
    }
    if (length < limits.length().min().orElse(0)) {
      int least = limits.length().min().getAsInt();
      errors.add(inBody(path, TextNode.valueOf(text), "be at least " + least + " chars long"));
    }
    limits
        .pattern()
        .filter(pattern -> !pattern.matcher(text).find())
        .ifPresent(
            pattern -> errors.add(inBody(path, TextNode.valueOf(text), "match '" + pattern + "'")));
  }

  private static void number(JsonNode value, Limits limits, String path, List<FieldError> errors) {
    BigDecimal number = value.decimalValue();
    limits
        .range()
        .min()
        .filter(min -> isBeyond(min.value().compareTo(number), min))
        .ifPresent(min -> errors.add(inBody(path, value, "be greater than " + orEqual(min))));
    limits
        .range()
        .max()
        .filter(max -> isBeyond(number.compareTo(max.value()), max))
        .ifPresent(max -> errors.add(inBody(path, value, "be less than " + orEqual(max))));
    limits
        .multipleOf()
        .filter(of -> number.remainder(of).signum() != 0)
        .ifPresent(of -> errors.add(inBody(path, value, "be a multiple of " + of)));
  }

  private static void count(
      int size, Bounds bounds, String what, String path, List<FieldError> errors) {
    if (size > bounds.max().orElse(Integer.MAX_VALUE)) {
      int most = bounds.max().getAsInt();
      errors.add(
          new FieldError(
              FieldError.Type.TOO_MANY,
              path,
              "Too many: "
                  + size
                  + ": must have at most "
                  + most
                  + (most == 1 ? " item" : " items")));
    }
    if (size < bounds.min().orElse(0)) {
      int least = bounds.min().getAsInt();
      errors.add(inBody(path, IntNode.valueOf(size), "have at least " + least + " " + what));
    }
  }

  private static boolean isBeyond(int comparison, Bound bound) {
    return comparison > 0 || (comparison == 0 && bound.edge() == Edge.EXCLUSIVE);
  }

  private static String orEqual(Bound bound) {
    return (bound.edge() == Edge.INCLUSIVE ? "or equal to " : "") + bound.value().toPlainString();
  }

  private static FieldError inBody(String path, JsonNode value, String should) {
    return FieldError.invalid(path, value, path + " in body should " + should);
  }

  private static FieldError wrongType(JsonNode value, String expected, String path) {
    String found =
        switch (value.getNodeType()) {
          case OBJECT -> "object";
          case ARRAY -> "array";
          case STRING -> "string";
          case BOOLEAN -> "boolean";
          case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
          default -> "null";
        };
    return new FieldError(
        FieldError.Type.TYPE_INVALID,
        path,
        "Invalid value: \""
            + found
            + "\": "
            + path
            + " in body must be of type "
            + expected
            + ": \""
            + found
            + "\"");
  }

  private static boolean isWhole(JsonNode value) {
    return value.isIntegralNumber()
        || (value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0);
  }
}
