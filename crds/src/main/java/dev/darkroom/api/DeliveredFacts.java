package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Map;

/**
 * What the source delivered, where that is not what is stored, or somebody signed for it.
 *
 * @param size in bytes
 * @param checksums hex by algorithm
 * @param compression that was taken off
 * @param diskFormat that was converted
 * @param signedBy whose signature the checksum has
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(value = StructuralSchema.class, input = "size=int64")
public record DeliveredFacts(
    @JsonPropertyDescription("Bytes that were delivered.") Long size,
    @JsonPropertyDescription("Checksums of the delivered bytes: hex by algorithm.")
        Map<String, String> checksums,
    @JsonPropertyDescription("Compression that was taken off: gzip, xz, zstd or bzip2.")
        String compression,
    @JsonPropertyDescription("Format that the image was converted from.") String diskFormat,
    @JsonPropertyDescription(
            "Whose signature the published checksum has: openpgp, minisign or cosign, and the key's id.")
        String signedBy) {

  /** Makes collections never null. */
  public DeliveredFacts {
    checksums = checksums == null ? Map.of() : Map.copyOf(checksums);
  }
}
