package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/**
 * Observed state of a store.
 *
 * @param observedGeneration generation of the spec that this status describes; -1 at first
 * @param capabilities optional capabilities beyond the store contract
 * @param images number of images with a copy in the store
 * @param used total size of these copies, in bytes
 * @param available number of bytes that can still be written, to about one percent
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
            "Generation of the spec that this status describes; -1 until the operator has seen"
                + " the object.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "Optional capabilities of the store: Range, Presign, Resume, ServerSideCopy.")
        List<String> capabilities,
    @JsonPropertyDescription("Number of images with a copy in the store.") Integer images,
    @JsonPropertyDescription("Total size of these copies, in bytes.") Long used,
    @JsonPropertyDescription(
            "Number of bytes that can still be written. It is updated only after a noticeable"
                + " change.")
        Long available,
    @JsonPropertyDescription(
            "This status as short strings for the columns of kubectl get. Programs must not read"
                + " it.")
        StoreSummary summary,
    @JsonPropertyDescription("Ready, Reconciling and Stalled as on every kind, and Default.")
        List<Condition> conditions) {

  /** Collections are never null. */
  public ImageStoreStatus {
    capabilities = capabilities == null ? List.of() : List.copyOf(capabilities);
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }

  /** An empty status. */
  public static ImageStoreStatus empty() {
    return ImageStoreStatusBuilder.builder().build();
  }
}
