package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;

/**
 * Reads enums that a later release may have added a value to: after a roll-back there are objects
 * that have it, and one of them must not keep all the others from being read.
 */
final class LaterValue {

  private LaterValue() {}

  /**
   * The constant that manifests write so.
   *
   * @param otherwise what a value that this release does not know is taken for: whatever does the
   *     least harm
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
