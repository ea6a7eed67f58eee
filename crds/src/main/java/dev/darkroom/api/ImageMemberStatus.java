package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/**
 * What the operator says of a member.
 *
 * @param observedGeneration the generation of the spec that this is about; -1 at first
 * @param namespaceUid the UID of the member namespace when it was first seen
 * @param link the link Image that was made in the member namespace
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
            "Generation of the spec that this status is about; -1 until the operator has seen it.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "UID of the namespace that the image is offered to. When that namespace goes, so does"
                + " the offer; a later one of the same name is another one.")
        String namespaceUid,
    @JsonPropertyDescription("The link that was made in that namespace.") ObjectReference link,
    @JsonPropertyDescription("Ready and Stalled, as on every kind.") List<Condition> conditions) {

  /** Makes collections never null. */
  public ImageMemberStatus {
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }

  /** A status that says nothing yet. */
  public static ImageMemberStatus empty() {
    return ImageMemberStatusBuilder.builder().build();
  }
}
