package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Objects;

/**
 * Refers to certificates of authorities in a ConfigMap.
 *
 * @param name the ConfigMap's name
 * @param key which of its entries
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BundleReference(
    @Required
        @Size(min = 1, max = Patterns.MAX_NAME)
        @ValidationRule(value = Patterns.NAME_RULE, message = Patterns.NAME_MESSAGE)
        @JsonPropertyDescription("Name of the ConfigMap.")
        String name,
    @Default("ca.crt")
        @Size(min = 1, max = Patterns.MAX_NAME)
        @JsonPropertyDescription("Which of its entries holds the certificates, in PEM.")
        String key) {

  /** Fills in what the schema's default says. */
  public BundleReference {
    key = Objects.requireNonNullElse(key, "ca.crt");
  }
}
