package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Map;

/**
 * Properties of the bytes of a successful import.
 *
 * @param digest {@code sha256:…} of the stored bytes
 * @param checksums checksums of the stored bytes, in hexadecimal, keyed by algorithm
 * @param size size of the stored bytes, in bytes
 * @param virtualSize size of the virtual disk, in bytes
 * @param diskFormat detected format
 * @param delivered what the source delivered, if it differs from the stored bytes or is signed
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(value = StructuralSchema.class, input = "size=int64 virtualSize=int64")
public record ImportResult(
    @JsonPropertyDescription("SHA-256 of the stored bytes, in the form sha256:hex.") String digest,
    @JsonPropertyDescription("Checksums of the stored bytes, in hexadecimal, keyed by algorithm.")
        Map<String, String> checksums,
    @JsonPropertyDescription("Size of the stored bytes, in bytes.") Long size,
    @JsonPropertyDescription("Size of the virtual disk, in bytes.") Long virtualSize,
    @JsonPropertyDescription("Detected format of the stored bytes.") String diskFormat,
    @JsonPropertyDescription(
            "What the source delivered. Set if the bytes were decompressed or converted, or if"
                + " their checksum is signed.")
        DeliveredFacts delivered) {

  /** Collections are never null. */
  public ImportResult {
    checksums = checksums == null ? Map.of() : Map.copyOf(checksums);
  }
}
