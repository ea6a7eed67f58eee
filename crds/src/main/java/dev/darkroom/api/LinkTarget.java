package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * The Image that owns the bytes of a link.
 *
 * @param namespace namespace of the Image
 * @param name name of the Image
 * @param uid UID of the Image; a later Image of the same name is another Image
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LinkTarget(
    @Required @JsonPropertyDescription("Namespace of the Image.") String namespace,
    @Required @JsonPropertyDescription("Name of the Image.") String name,
    @Required @JsonPropertyDescription("UID of the Image.") String uid) {}
