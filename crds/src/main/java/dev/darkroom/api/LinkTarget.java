package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * The Image whose bytes a link stands for.
 *
 * @param namespace of that Image
 * @param name of that Image
 * @param uid of that Image: one of the same name that is made later is another one
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LinkTarget(
    @Required @JsonPropertyDescription("Namespace of that Image.") String namespace,
    @Required @JsonPropertyDescription("Name of that Image.") String name,
    @Required @JsonPropertyDescription("UID of that Image.") String uid) {}
