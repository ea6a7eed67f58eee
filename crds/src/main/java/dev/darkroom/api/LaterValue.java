package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;

/**
 * Parses enum values that a later release may have added. After a roll-back, objects with such
 * values exist; one unknown value must not prevent reading all other objects.
 */
final class LaterValue {

  private LaterValue() {}

  /**
   * Returns the constant with this JSON name.
   *
   * @param otherwise returned for an unknown value: the constant that is safest
   */
  static <E extends Enum<E>> E read(Class<E> type, String text, E otherwise) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> text.equals(written(type, constant)))
        .findFirst()
        .orElse(otherwise);
  }

  private static <E extends Enum<E>> String written(Class<E> type, E constant) {
    try {
      JsonProperty name = type.getField(constant.name()).getAnnotation(JsonProperty.class);
      return name == null ? "" : name.value();
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }
}
