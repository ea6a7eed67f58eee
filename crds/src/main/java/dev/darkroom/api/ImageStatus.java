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
 * What the operator says of an image.
 *
 * @param observedGeneration the generation of the spec that this is about; -1 at first
 * @param phase the state in one word
 * @param progress short text for the column: {@code 42%}, {@code Done}, or a reason
 * @param imageID the image's identity, a UUID
 * @param digest {@code sha256:…} of the stored bytes; once it is there, the bytes never change
 * @param checksums of the stored bytes, hex by algorithm
 * @param size of the stored bytes, in bytes
 * @param virtualSize of the disk inside, in bytes
 * @param diskFormat as found
 * @param delivered what the source delivered, where that is not what is stored or is signed for
 * @param importRef the ImageImport that brings or brought the bytes
 * @param stores the copies
 * @param members how many namespaces it is offered to
 * @param link the image whose bytes it stands for, where it is a link
 * @param observedScrub the annotation's value that the copies were last checked for
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
            "Generation of the spec that this status is about; -1 until the operator has seen it.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "The state in one word, for people: Queued, Importing, Active, Degraded,"
                + " Deactivated, Failed or Deleting. Programs read the conditions.")
        ImagePhase phase,
    @JsonPropertyDescription("How far the import is, or why it is not: 42%, Done, or a reason.")
        String progress,
    @JsonPropertyDescription("The image's identity, a UUID.") String imageID,
    @JsonPropertyDescription(
            "SHA-256 of the stored bytes, written sha256:hex. Once it is there the bytes never"
                + " change.")
        String digest,
    @JsonPropertyDescription("Checksums of the stored bytes: hex by algorithm.")
        Map<String, String> checksums,
    @JsonPropertyDescription("Size of the stored bytes, in bytes.") Long size,
    @JsonPropertyDescription("Size of the disk inside, in bytes, where the format has one.")
        Long virtualSize,
    @JsonPropertyDescription("Format of the stored bytes, as found.") String diskFormat,
    @JsonPropertyDescription(
            "What the source delivered, where it was decompressed or converted on its way, or its"
                + " checksum is signed.")
        DeliveredFacts delivered,
    @JsonPropertyDescription("The ImageImport that brings, or brought, the bytes.")
        ObjectReference importRef,
    @JsonPropertyDescription("The copies, one entry a store.") List<StoreCopy> stores,
    @JsonPropertyDescription("How many namespaces the image is offered to, by their answer.")
        MemberCounts members,
    @JsonPropertyDescription(
            "The Image whose bytes these are, where this one is a link: it, and not another link.")
        LinkTarget link,
    @JsonPropertyDescription(
            "Value of the annotation darkroom.dev/scrub for which every copy was checked.")
        String observedScrub,
    @JsonPropertyDescription("This status as short strings for columns; programs do not read it.")
        ImageSummary summary,
    @JsonPropertyDescription(
            "Ready, Reconciling, Stalled, Verified, Replicated and Published, as kubectl wait and"
                + " GitOps tools read them.")
        List<Condition> conditions) {

  /** Makes collections never null. */
  public ImageStatus {
    checksums = checksums == null ? Map.of() : Map.copyOf(checksums);
    stores = stores == null ? List.of() : List.copyOf(stores);
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }

  /** A status that says nothing yet. */
  public static ImageStatus empty() {
    return ImageStatusBuilder.builder().build();
  }
}
