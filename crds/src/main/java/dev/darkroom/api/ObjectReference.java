package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Reference to an object by name.
 *
 * @param name name of the object
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ObjectReference(
    @Required
        @Size(min = 1, max = Patterns.MAX_NAME)
        @ValidationRule(value = Patterns.NAME_RULE, message = Patterns.NAME_MESSAGE)
        @JsonPropertyDescription("Name of the object, in the same namespace.")
        String name) {}
