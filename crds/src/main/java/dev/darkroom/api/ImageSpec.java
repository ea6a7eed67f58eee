package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Desired state of an image.
 *
 * @param source where the bytes come from; null for a record that waits for an ImageImport
 * @param checksum {@code algorithm:hex} of the bytes as delivered
 * @param checksumFrom where the publisher keeps the checksum instead
 * @param diskFormat expected format; null for the detected format
 * @param decompress how compressed bytes are handled
 * @param convertTo format to store; null for the format of the source
 * @param stores names of ImageStores; empty for the default store
 * @param allStores whether every ImageStore that the namespace may use receives a copy
 * @param minAvailable number of copies that are required for Ready; null for all requested copies
 * @param visibility access to the image
 * @param isProtected whether the Image is protected from deletion
 * @param hidden whether catalogues leave the image out
 * @param deactivated whether reading the bytes is denied
 * @param reclaimPolicy what happens to the bytes when the Image is deleted
 * @param displayName human-readable name
 * @param os the operating system inside
 * @param minDisk size of the smallest disk that the image runs from
 * @param minMemory least memory that the image runs with
 * @param tags tags to find the image by
 * @param properties additional properties
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(
    value = StructuralSchema.class,
    input = "stores=names minAvailable=int32 tags=set minDisk=quantity minMemory=quantity")
@ValidationRule(
    value = "!(has(self.checksum) && has(self.checksumFrom))",
    message = "checksum and checksumFrom must not both be set")
@ValidationRule(
    value = "!(self.allStores && has(self.stores) && size(self.stores) > 0)",
    message = "stores must be empty if allStores is true")
@ValidationRule(
    value =
        "!has(self.minAvailable) || self.allStores"
            + " || self.minAvailable <= (has(self.stores) && size(self.stores) > 0"
            + " ? size(self.stores) : 1)",
    message = "minAvailable must not be greater than the number of stores")
public record ImageSpec(
    @JsonPropertyDescription(
            "Where the bytes come from. It can be changed until the image has bytes, and never"
                + " after that. If unset: the Image waits for an ImageImport that refers to it.")
        ImageSource source,
    @Size(min = 1, max = Patterns.MAX_CHECKSUM)
        @ValidationRule(value = Patterns.CHECKSUM_RULE, message = Patterns.CHECKSUM_MESSAGE)
        @JsonPropertyDescription(
            "Checksum of the bytes as delivered by the source, in the form algorithm:hex. The"
                + " algorithm is md5, sha1, sha224, sha256, sha384 or sha512. Bytes with another"
                + " checksum are never stored.")
        String checksum,
    @JsonPropertyDescription(
            "Where the publisher keeps the checksum: a file such as SHA256SUMS, and its"
                + " signature. The file is read before the first byte of the image.")
        ChecksumFromSpec checksumFrom,
    @JsonPropertyDescription(
            "Format of the disk. If unset: the format is detected from the bytes. If set: the"
                + " image is refused when another format is detected. Raw disks must be"
                + " declared, because a raw disk cannot be detected.")
        DiskFormatName diskFormat,
    @Default("Auto")
        @JsonPropertyDescription(
            "How compressed bytes are handled. Auto: gzip, xz, zstd and bzip2 are detected by"
                + " their first bytes and decompressed during the transfer. Never: nothing is"
                + " decompressed, and an image that is found to be compressed is refused with"
                + " UnknownFormat.")
        Decompression decompress,
    @JsonPropertyDescription(
            "Format that the image is converted to after all checks have passed. If unset: the"
                + " image is stored in the format of the source.")
        ConversionTarget convertTo,
    @Size(max = Patterns.MAX_STORES)
        @JsonPropertyDescription(
            "Names of the ImageStores that must hold a copy. If unset: the default store; an"
                + " image that has bytes stays where it is. The list can be changed at any time:"
                + " a store that is added receives a copy, and a store that is removed loses its"
                + " copy. The last copy is never removed.")
        List<@Size(min = 1, max = Patterns.MAX_NAME) String> stores,
    @Default("false")
        @JsonPropertyDescription(
            "If true, every writable ImageStore that this namespace may use must hold a copy,"
                + " including stores that are created later.")
        Boolean allStores,
    @Min(1)
        @Max(Patterns.MAX_COPIES)
        @JsonPropertyDescription(
            "Number of verified copies that make the image Ready. If unset: all requested"
                + " copies. With a lower number, an import succeeds even if a store fails; the"
                + " missing copy is made later.")
        Integer minAvailable,
    @Default("Private")
        @JsonPropertyDescription(
            "Access to the image. Private: its own namespace. Shared: also the namespaces that"
                + " an ImageMember names. Community: all users, by name only; no list shows the"
                + " image; requires the verb communitize. Public: all users, and the catalogue"
                + " lists the image; requires the verb publicize.")
        Visibility visibility,
    @JsonProperty("protected")
        @Default("false")
        @JsonPropertyDescription(
            "If true, the Image cannot be deleted. Deleting the namespace still deletes it.")
        Boolean isProtected,
    @Default("false")
        @JsonPropertyDescription("If true, catalogues leave the image out. Access does not change.")
        Boolean hidden,
    @Default("false")
        @JsonPropertyDescription(
            "If true, the record can be read, but the bytes cannot. Links to the image are not"
                + " Ready as long as this is true.")
        Boolean deactivated,
    @Default("Delete")
        @JsonPropertyDescription(
            "What happens to the stored bytes when the Image is deleted. Delete: the bytes are"
                + " removed. Retain: the bytes are kept, with their record beside them.")
        ReclaimPolicy reclaimPolicy,
    @Size(min = 1, max = Patterns.MAX_TEXT) @JsonPropertyDescription("Human-readable name.")
        String displayName,
    @JsonPropertyDescription("The operating system inside the image.") OperatingSystem os,
    @JsonPropertyDescription(
            "Size of the smallest disk that the image runs from, for example 10Gi.")
        Quantity minDisk,
    @JsonPropertyDescription("Least memory that the image runs with, for example 512Mi.")
        Quantity minMemory,
    @Size(max = 128) @JsonPropertyDescription("Tags to find the image by, at most 128.")
        List<@Size(min = 1, max = Patterns.MAX_TEXT) String> tags,
    @Size(max = 128)
        @JsonPropertyDescription("Additional properties of the image, at most 128 entries.")
        Map<String, @Size(max = Patterns.MAX_TEXT) String> properties) {

  /** Applies the defaults of the schema. Collections are never null. */
  public ImageSpec {
    stores = stores == null ? List.of() : List.copyOf(stores);
    tags = tags == null ? List.of() : List.copyOf(tags);
    properties = properties == null ? Map.of() : Map.copyOf(properties);
    decompress = Objects.requireNonNullElse(decompress, Decompression.AUTO);
    allStores = Objects.requireNonNullElse(allStores, false);
    visibility = Objects.requireNonNullElse(visibility, Visibility.PRIVATE);
    isProtected = Objects.requireNonNullElse(isProtected, false);
    hidden = Objects.requireNonNullElse(hidden, false);
    deactivated = Objects.requireNonNullElse(deactivated, false);
    reclaimPolicy = Objects.requireNonNullElse(reclaimPolicy, ReclaimPolicy.DELETE);
  }
}
