package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Map;

/**
 * What a succeeded import found the bytes to be.
 *
 * @param digest {@code sha256:…} of the stored bytes
 * @param checksums of the stored bytes, hex by algorithm
 * @param size in bytes
 * @param virtualSize of the disk inside, in bytes
 * @param diskFormat as found
 * @param delivered what the source delivered, where that is not what is stored or is signed for
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(value = StructuralSchema.class, input = "size=int64 virtualSize=int64")
public record ImportResult(
    @JsonPropertyDescription("SHA-256 of the stored bytes, written sha256:hex.") String digest,
    @JsonPropertyDescription("Checksums of the stored bytes: hex by algorithm.")
        Map<String, String> checksums,
    @JsonPropertyDescription("Size of the stored bytes, in bytes.") Long size,
    @JsonPropertyDescription("Size of the disk inside, in bytes.") Long virtualSize,
    @JsonPropertyDescription("Format of the stored bytes, as found.") String diskFormat,
    @JsonPropertyDescription(
            "What the source delivered, where it was decompressed or converted on its way, or its"
                + " checksum is signed.")
        DeliveredFacts delivered) {

  /** Makes collections never null. */
  public ImportResult {
    checksums = checksums == null ? Map.of() : Map.copyOf(checksums);
  }
}
