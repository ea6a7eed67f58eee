package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/**
 * What the operator says of a member.
 *
 * @param observedGeneration the generation of the spec that this is about
 * @param conditions Ready, Stalled
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(
    value = StructuralSchema.class,
    input = "observedGeneration=int64 conditions=map:type")
public record ImageMemberStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        Long observedGeneration,
    @JsonPropertyDescription("Ready and Stalled, as on every kind.") List<Condition> conditions) {

  /** Makes collections never null. */
  public ImageMemberStatus {
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }
}
