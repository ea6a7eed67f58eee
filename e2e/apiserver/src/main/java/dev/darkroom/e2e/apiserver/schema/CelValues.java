package dev.darkroom.e2e.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.io.BaseEncoding;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Converts JSON values to CEL values, by a schema. */
final class CelValues {
  private CelValues() {}

  /** Converts a value, which must satisfy the type and the format of its schema. */
  static Object of(JsonNode value, Schema schema) {
    return switch (value.getNodeType()) {
      case OBJECT -> object(value, schema);
      case ARRAY -> {
        List<Object> elements = new ArrayList<>();
        inOrder(value, schema).forEach(e -> elements.add(of(e, schema.itemsOrAnything())));
        yield elements;
      }
      case STRING -> string(value.textValue(), schema.limits().format());
      case NUMBER ->
          value.isIntegralNumber() && schema.type() != Schema.Type.NUMBER
              ? (Object) value.longValue()
              : (Object) value.doubleValue();
      case BOOLEAN -> value.booleanValue();
      default -> NullValue.NULL_VALUE;
    };
  }

  /** Sorts the elements of a set, because two sets are equal in any order. */
  private static List<JsonNode> inOrder(JsonNode list, Schema schema) {
    List<JsonNode> elements = new ArrayList<>();
    list.forEach(elements::add);
    if (schema.listType() == Schema.ListType.SET) {
      elements.sort(Comparator.comparing(JsonNode::toString));
    }
    return elements;
  }

  private static Map<String, Object> object(JsonNode value, Schema schema) {
    Map<String, Object> fields = new LinkedHashMap<>();
    value
        .properties()
        .forEach(
            field -> {
              Schema property = schema.properties().get(field.getKey());
              if (property != null) {
                fields.put(CelTypes.escape(field.getKey()), of(field.getValue(), property));
              } else if (schema.additional().isPresent() || schema.properties().isEmpty()) {
                fields.put(
                    field.getKey(), of(field.getValue(), schema.fieldOrAnything(field.getKey())));
              }
            });
    return fields;
  }

  private static Object string(String text, String format) {
    return switch (format) {
      case "date-time" -> OffsetDateTime.parse(text).toInstant();
      case "date" -> LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
      case "duration" -> Formats.duration(text).<Object>map(d -> d).orElse(text);
      case "byte" -> CelByteString.of(BaseEncoding.base64().decode(text));
      default -> text;
    };
  }
}
