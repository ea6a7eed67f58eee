package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * A directory that the operator sees.
 *
 * @param path its absolute path
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record FilesystemStoreSpec(
    @Required
        @Size(min = 2, max = 1024)
        @ValidationRule(value = Patterns.PATH_RULE, message = Patterns.PATH_MESSAGE)
        @JsonPropertyDescription(
            "Absolute path of a directory that exists where the operator runs. The operator never"
                + " creates it, so that a volume that is not mounted is an error and not a full"
                + " root disk.")
        String path) {}
