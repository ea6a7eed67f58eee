package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Objects;

/**
 * Reference to an Image, which may be in another namespace.
 *
 * @param namespace namespace of the Image; null for that of the referring object
 * @param name name of the Image
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImageReference(
    @Size(min = 1, max = Patterns.MAX_NAMESPACE)
        @ValidationRule(value = Patterns.NAMESPACE_RULE, message = Patterns.NAMESPACE_MESSAGE)
        @JsonPropertyDescription("Namespace of the Image. If unset: the same namespace.")
        String namespace,
    @Required
        @Size(min = 1, max = Patterns.MAX_NAME)
        @ValidationRule(value = Patterns.NAME_RULE, message = Patterns.NAME_MESSAGE)
        @JsonPropertyDescription("Name of the Image.")
        String name) {

  /** Refers to an Image in the same namespace. */
  public static ImageReference of(String name) {
    return new ImageReference(null, name);
  }

  /**
   * Returns the namespace of the Image.
   *
   * @param own namespace of the referring object
   */
  public String namespaceOr(String own) {
    return Objects.requireNonNullElse(namespace, own);
  }
}
