package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;

/**
 * Observed state of an image.
 *
 * @param observedGeneration generation of the spec that this status describes; -1 at first
 * @param phase state in one word
 * @param progress short text for the column: {@code 42%}, {@code Done}, or a reason
 * @param imageID identity of the image, a UUID
 * @param digest {@code sha256:…} of the stored bytes; once it is set, the bytes never change
 * @param checksums checksums of the stored bytes, in hexadecimal, keyed by algorithm
 * @param size size of the stored bytes, in bytes
 * @param virtualSize size of the virtual disk, in bytes
 * @param diskFormat detected format
 * @param delivered what the source delivered, if it differs from the stored bytes or is signed
 * @param importRef the ImageImport that imports or imported the bytes
 * @param stores the copies
 * @param members number of namespaces that the image is offered to
 * @param link the image that owns the bytes, if this image is a link
 * @param observedScrub value of the scrub annotation for which the copies were last checked
 * @param summary strings for columns
 * @param conditions Ready, Reconciling, Stalled, Verified, Replicated, Published
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(
    value = StructuralSchema.class,
    input =
        "observedGeneration=int64 size=int64 virtualSize=int64 stores=map:name conditions=map:type")
public record ImageStatus(
    @JsonPropertyDescription(
            "Generation of the spec that this status describes; -1 until the operator has seen"
                + " the object.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "State in one word, for people: Queued, Importing, Active, Degraded, Deactivated,"
                + " Failed or Deleting. Programs read the conditions.")
        ImagePhase phase,
    @JsonPropertyDescription(
            "Progress for the column of kubectl get: a percentage such as 42%, Done, or a reason.")
        String progress,
    @JsonPropertyDescription("Identity of the image, a UUID.") String imageID,
    @JsonPropertyDescription(
            "SHA-256 of the stored bytes, in the form sha256:hex. Once it is set, the bytes"
                + " never change.")
        String digest,
    @JsonPropertyDescription("Checksums of the stored bytes, in hexadecimal, keyed by algorithm.")
        Map<String, String> checksums,
    @JsonPropertyDescription("Size of the stored bytes, in bytes.") Long size,
    @JsonPropertyDescription("Size of the virtual disk, in bytes, if the format has one.")
        Long virtualSize,
    @JsonPropertyDescription("Detected format of the stored bytes.") String diskFormat,
    @JsonPropertyDescription(
            "What the source delivered. Set if the bytes were decompressed or converted, or if"
                + " their checksum is signed.")
        DeliveredFacts delivered,
    @JsonPropertyDescription("The ImageImport that imports, or imported, the bytes.")
        ObjectReference importRef,
    @JsonPropertyDescription("The copies, one entry per store.") List<StoreCopy> stores,
    @JsonPropertyDescription("Number of namespaces that the image is offered to, by answer.")
        MemberCounts members,
    @JsonPropertyDescription(
            "The Image that owns the bytes, if this Image is a link. It is never a link itself.")
        LinkTarget link,
    @JsonPropertyDescription(
            "Value of the annotation darkroom.dev/scrub for which all copies were checked.")
        String observedScrub,
    @JsonPropertyDescription(
            "This status as short strings for the columns of kubectl get. Programs must not read"
                + " it.")
        ImageSummary summary,
    @JsonPropertyDescription(
            "Ready, Reconciling, Stalled, Verified, Replicated and Published, as kubectl wait"
                + " and GitOps tools read them.")
        List<Condition> conditions) {

  /** Collections are never null. */
  public ImageStatus {
    checksums = checksums == null ? Map.of() : Map.copyOf(checksums);
    stores = stores == null ? List.of() : List.copyOf(stores);
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }

  /** An empty status. */
  public static ImageStatus empty() {
    return ImageStatusBuilder.builder().build();
  }
}
