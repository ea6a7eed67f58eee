package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * A store in a directory that the operator can access.
 *
 * @param path absolute path of the directory
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record FilesystemStoreSpec(
    @Required
        @Size(min = 2, max = 1024)
        @ValidationRule(value = Patterns.PATH_RULE, message = Patterns.PATH_MESSAGE)
        @JsonPropertyDescription(
            "Absolute path of an existing directory on the machine or in the pod of the"
                + " operator. The operator never creates this directory: a volume that is not"
                + " mounted is an error and does not fill the root disk.")
        String path) {}
