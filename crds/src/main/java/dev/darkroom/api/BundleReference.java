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
 * Reference to CA certificates in a ConfigMap.
 *
 * @param name name of the ConfigMap
 * @param key key of the entry with the certificates
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
        @JsonPropertyDescription("Key of the entry that holds the CA certificates, in PEM format.")
        String key) {

  /** Applies the defaults of the schema. */
  public BundleReference {
    key = Objects.requireNonNullElse(key, "ca.crt");
  }
}
