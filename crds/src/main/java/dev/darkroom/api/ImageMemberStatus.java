package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/**
 * Observed state of a member.
 *
 * @param observedGeneration generation of the spec that this status describes; -1 at first
 * @param namespaceUid UID of the member namespace when the operator first saw it
 * @param link the link that was created in the member namespace
 * @param conditions Ready, Stalled
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(
    value = StructuralSchema.class,
    input = "observedGeneration=int64 conditions=map:type")
public record ImageMemberStatus(
    @JsonPropertyDescription(
            "Generation of the spec that this status describes; -1 until the operator has seen"
                + " the object.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "UID of the namespace that the image is offered to. The offer is deleted with that"
                + " namespace; a later namespace of the same name does not receive it.")
        String namespaceUid,
    @JsonPropertyDescription("The link that was created in that namespace.") ObjectReference link,
    @JsonPropertyDescription("Ready and Stalled, as on every kind.") List<Condition> conditions) {

  /** Collections are never null. */
  public ImageMemberStatus {
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }

  /** An empty status. */
  public static ImageMemberStatus empty() {
    return ImageMemberStatusBuilder.builder().build();
  }
}
