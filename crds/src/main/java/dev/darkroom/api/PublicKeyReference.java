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
 * Refers to a publisher's public key.
 *
 * @param kind what holds it
 * @param name of the object that holds it
 * @param key which of its entries
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PublicKeyReference(
    @Default("Secret") @JsonPropertyDescription("What holds the key.") KeyHolder kind,
    @Required
        @Size(min = 1, max = Patterns.MAX_NAME)
        @ValidationRule(value = Patterns.NAME_RULE, message = Patterns.NAME_MESSAGE)
        @JsonPropertyDescription("Name of the Secret or ConfigMap, in the same namespace.")
        String name,
    @Required
        @Size(min = 1, max = Patterns.MAX_NAME)
        @JsonPropertyDescription("Which of its entries holds the key.")
        String key) {

  /** Fills in what the schema's default says. */
  public PublicKeyReference {
    kind = Objects.requireNonNullElse(kind, KeyHolder.SECRET);
  }
}
