package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/**
 * What the operator says of a store.
 *
 * @param observedGeneration the generation of the spec that this is about; -1 at first
 * @param capabilities what it can do beyond the contract
 * @param images how many images have a copy here
 * @param used bytes of those copies
 * @param available bytes that can still be written, to about a percent
 * @param summary strings for columns
 * @param conditions Ready, Reconciling, Stalled, Default
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(
    value = StructuralSchema.class,
    input =
        "observedGeneration=int64 capabilities=set images=int32 used=int64 available=int64"
            + " conditions=map:type")
public record ImageStoreStatus(
    @JsonPropertyDescription(
            "Generation of the spec that this status is about; -1 until the operator has seen it.")
        Long observedGeneration,
    @JsonPropertyDescription("What the store can do: Range, Presign, Resume, ServerSideCopy.")
        List<String> capabilities,
    @JsonPropertyDescription("Images that have a copy here.") Integer images,
    @JsonPropertyDescription("Bytes of those copies.") Long used,
    @JsonPropertyDescription(
            "Bytes that can still be written. It is updated when it has changed noticeably.")
        Long available,
    @JsonPropertyDescription("This status as short strings for columns; programs do not read it.")
        StoreSummary summary,
    @JsonPropertyDescription("Ready, Reconciling and Stalled as on every kind, and Default.")
        List<Condition> conditions) {

  /** Makes collections never null. */
  public ImageStoreStatus {
    capabilities = capabilities == null ? List.of() : List.copyOf(capabilities);
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }

  /** A status that says nothing yet. */
  public static ImageStoreStatus empty() {
    return ImageStoreStatusBuilder.builder().build();
  }
}
