package dev.darkroom.e2e.apiserver.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One thing that is wrong with an object, worded as Kubernetes words it (apimachinery, {@code
 * util/validation/field}).
 *
 * @param type what sort of error
 * @param field path of the field, e.g. {@code spec.ports[0].name}
 * @param message the text that follows the path
 */
public record FieldError(Type type, String field, String message) {

  /** The closed list of causes, with the names that a Status carries. */
  public enum Type {
    /** A value that breaks a rule. */
    INVALID("FieldValueInvalid"),
    /** A value of another type or format. */
    TYPE_INVALID("FieldValueTypeInvalid"),
    /** A field that must be there. */
    REQUIRED("FieldValueRequired"),
    /** A value outside an enumeration. */
    NOT_SUPPORTED("FieldValueNotSupported"),
    /** A value that may not be set here and now. */
    FORBIDDEN("FieldValueForbidden"),
    /** The same key or value twice. */
    DUPLICATE("FieldValueDuplicate"),
    /** Too many elements or properties. */
    TOO_MANY("FieldValueTooMany"),
    /** Too long a string. */
    TOO_LONG("FieldValueTooLong");

    private final String reason;

    Type(String reason) {
      this.reason = reason;
    }

    /** The reason as a Status writes it. */
    public String reason() {
      return reason;
    }
  }

  /** A value that breaks a rule. */
  public static FieldError invalid(String field, JsonNode value, String why) {
    return new FieldError(Type.INVALID, field, "Invalid value: " + Json.write(value) + ": " + why);
  }

  /** A missing field. */
  public static FieldError required(String field) {
    return new FieldError(Type.REQUIRED, field, "Required value");
  }

  /** A field that may not be set so. */
  public static FieldError forbidden(String field, String why) {
    return new FieldError(Type.FORBIDDEN, field, "Forbidden: " + why);
  }

  /** A second element with the same key. */
  public static FieldError duplicate(String field, JsonNode value) {
    return new FieldError(Type.DUPLICATE, field, "Duplicate value: " + Json.write(value));
  }

  /** A value outside the listed ones. */
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
