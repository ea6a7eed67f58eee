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
 * Reference to a publisher's public key.
 *
 * @param kind kind of the object that holds the key
 * @param name name of that object
 * @param key key of the entry in that object
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PublicKeyReference(
    @Default("Secret") @JsonPropertyDescription("Kind of the object that holds the key.")
        KeyHolder kind,
    @Required
        @Size(min = 1, max = Patterns.MAX_NAME)
        @ValidationRule(value = Patterns.NAME_RULE, message = Patterns.NAME_MESSAGE)
        @JsonPropertyDescription("Name of the Secret or ConfigMap, in the same namespace.")
        String name,
    @Required
        @Size(min = 1, max = Patterns.MAX_NAME)
        @JsonPropertyDescription("Key of the entry that holds the public key.")
        String key) {

  /** Applies the defaults of the schema. */
  public PublicKeyReference {
    kind = Objects.requireNonNullElse(kind, KeyHolder.SECRET);
  }
}
