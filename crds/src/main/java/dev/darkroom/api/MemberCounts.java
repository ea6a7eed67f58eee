package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Required;

/**
 * How many namespaces an image is offered to, by what they say to it.
 *
 * @param pending those that say nothing yet
 * @param accepted those that want it
 * @param rejected those that do not
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@SchemaCustomizer(
    value = StructuralSchema.class,
    input = "pending=int32 accepted=int32 rejected=int32")
public record MemberCounts(
    @Required @JsonPropertyDescription("Namespaces that did not answer yet.") int pending,
    @Required @JsonPropertyDescription("Namespaces that accepted the image.") int accepted,
    @Required @JsonPropertyDescription("Namespaces that rejected the image.") int rejected) {}
