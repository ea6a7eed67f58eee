package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Required;

/**
 * Number of namespaces that an image is offered to, by answer.
 *
 * @param pending namespaces that have not answered
 * @param accepted namespaces that accepted the offer
 * @param rejected namespaces that rejected the offer
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@SchemaCustomizer(
    value = StructuralSchema.class,
    input = "pending=int32 accepted=int32 rejected=int32")
public record MemberCounts(
    @Required @JsonPropertyDescription("Number of namespaces that have not answered.") int pending,
    @Required @JsonPropertyDescription("Number of namespaces that accepted the offer.")
        int accepted,
    @Required @JsonPropertyDescription("Number of namespaces that rejected the offer.")
        int rejected) {}
