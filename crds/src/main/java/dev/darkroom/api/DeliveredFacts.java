package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Map;

/**
 * What the source delivered. Present when the stored bytes differ from the delivered bytes, or when
 * the checksum is signed.
 *
 * @param size size of the delivered bytes, in bytes
 * @param checksums checksums in hexadecimal, keyed by algorithm
 * @param compression compression that was removed
 * @param diskFormat disk format before the conversion
 * @param signedBy signature type and key ID of the checksum
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(value = StructuralSchema.class, input = "size=int64")
public record DeliveredFacts(
    @JsonPropertyDescription("Size of the delivered bytes, in bytes.") Long size,
    @JsonPropertyDescription(
            "Checksums of the delivered bytes, in hexadecimal, keyed by algorithm.")
        Map<String, String> checksums,
    @JsonPropertyDescription("Compression that was removed: gzip, xz, zstd or bzip2.")
        String compression,
    @JsonPropertyDescription("Disk format before the conversion.") String diskFormat,
    @JsonPropertyDescription(
            "Signature type of the published checksum (openpgp, minisign or cosign) and the ID"
                + " of the key.")
        String signedBy) {

  /** Collections are never null. */
  public DeliveredFacts {
    checksums = checksums == null ? Map.of() : Map.copyOf(checksums);
  }
}
