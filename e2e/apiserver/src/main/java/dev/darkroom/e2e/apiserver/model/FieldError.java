package dev.darkroom.e2e.apiserver.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One error in an object, in the wording of Kubernetes (apimachinery, {@code
 * util/validation/field}).
 *
 * @param type kind of error
 * @param field path of the field, e.g. {@code spec.ports[0].name}
 * @param message text after the path
 */
public record FieldError(Type type, String field, String message) {

  /** All kinds of errors, with their names in a Status. */
  public enum Type {
    /** A value that violates a rule. */
    INVALID("FieldValueInvalid"),
    /** A value of the wrong type or format. */
    TYPE_INVALID("FieldValueTypeInvalid"),
    /** A required field that is missing. */
    REQUIRED("FieldValueRequired"),
    /** A value outside an enumeration. */
    NOT_SUPPORTED("FieldValueNotSupported"),
    /** A value that must not be set in this situation. */
    FORBIDDEN("FieldValueForbidden"),
    /** A second element with the same key or value. */
    DUPLICATE("FieldValueDuplicate"),
    /** Too many elements or properties. */
    TOO_MANY("FieldValueTooMany"),
    /** A string that is too long. */
    TOO_LONG("FieldValueTooLong");

    private final String reason;

    Type(String reason) {
      this.reason = reason;
    }

    /** The reason as spelt in a Status. */
    public String reason() {
      return reason;
    }
  }

  /** A value that violates a rule. */
  public static FieldError invalid(String field, JsonNode value, String why) {
    return new FieldError(Type.INVALID, field, "Invalid value: " + Json.write(value) + ": " + why);
  }

  /** A missing field. */
  public static FieldError required(String field) {
    return new FieldError(Type.REQUIRED, field, "Required value");
  }

  /** A field that must not be set in this situation. */
  public static FieldError forbidden(String field, String why) {
    return new FieldError(Type.FORBIDDEN, field, "Forbidden: " + why);
  }

  /** A second element with the same key. */
  public static FieldError duplicate(String field, JsonNode value) {
    return new FieldError(Type.DUPLICATE, field, "Duplicate value: " + Json.write(value));
  }

  /** A value outside an enumeration. */
  public static FieldError unsupported(String field, JsonNode value, List<JsonNode> supported) {
    String list = supported.stream().map(Json::write).collect(Collectors.joining(", "));
    return new FieldError(
        Type.NOT_SUPPORTED,
        field,
        "Unsupported value: " + Json.write(value) + ": supported values: " + list);
  }

  @Override
  public String toString() {
    return field + ": " + message;
  }
}
