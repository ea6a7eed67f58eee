package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
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
        @Pattern(Patterns.ABSOLUTE_PATH)
        @ValidationRule(
            value = "!self.split('/').exists(s, s == '.' || s == '..')",
            message = "must not have . or .. in it")
        @JsonPropertyDescription(
            "Absolute path of a directory that exists where the operator runs. The operator never"
                + " creates it, so that a volume that is not mounted is an error and not a full"
                + " root disk.")
        String path) {}
