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
 * What a user says of an image.
 *
 * @param source where the bytes come from; null for a record that waits for an ImageImport
 * @param checksum {@code algorithm:hex} of the bytes as delivered
 * @param checksumFrom where the publisher keeps it instead
 * @param diskFormat the format that must be found; null for whatever is found
 * @param decompress what becomes of compressed bytes
 * @param convertTo the format to store them in; null for that in which they come
 * @param stores names of ImageStores; empty for the default store
 * @param allStores whether every ImageStore that the namespace may use gets a copy
 * @param minAvailable how many copies are needed; null for all that are asked for
 * @param visibility who may see it
 * @param isProtected whether it is kept from being deleted
 * @param hidden whether catalogues leave it out
 * @param deactivated whether its bytes can't be read
 * @param reclaimPolicy what becomes of the bytes when the Image is deleted
 * @param displayName a name for people
 * @param os the operating system inside
 * @param minDisk the smallest disk it runs from
 * @param minMemory the least memory it runs with
 * @param tags words to find it by
 * @param properties what else is to be said
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(
    value = StructuralSchema.class,
    input = "stores=names minAvailable=int32 tags=set minDisk=quantity minMemory=quantity")
@ValidationRule(
    value = "!(has(self.checksum) && has(self.checksumFrom))",
    message = "either checksum or checksumFrom, not both")
@ValidationRule(
    value = "!(self.allStores && has(self.stores) && size(self.stores) > 0)",
    message = "either stores or allStores, not both")
@ValidationRule(
    value =
        "!has(self.minAvailable) || self.allStores"
            + " || self.minAvailable <= (has(self.stores) && size(self.stores) > 0"
            + " ? size(self.stores) : 1)",
    message = "minAvailable must not be more than there are stores")
public record ImageSpec(
    @JsonPropertyDescription(
            "Where the bytes come from. It may be mended until the image has bytes, never after."
                + " Without it the record waits for an ImageImport that names it.")
        ImageSource source,
    @Size(min = 1, max = Patterns.MAX_CHECKSUM)
        @ValidationRule(value = Patterns.CHECKSUM_RULE, message = Patterns.CHECKSUM_MESSAGE)
        @JsonPropertyDescription(
            "Checksum of the bytes as the source delivers them, written algorithm:hex. The algorithm"
                + " is md5, sha1, sha224, sha256, sha384 or sha512. Bytes that do not have it are"
                + " never stored.")
        String checksum,
    @JsonPropertyDescription(
            "Where the publisher keeps the checksum: a file such as SHA256SUMS, and its signature."
                + " It is read before the first byte of the image.")
        ChecksumFromSpec checksumFrom,
    @JsonPropertyDescription(
            "Format of the disk. Absent: as detected from the bytes. Present and different from what"
                + " is detected: the image is refused. Raw disks must be declared, for nothing in"
                + " the bytes says that they are one.")
        DiskFormatName diskFormat,
    @Default("Auto")
        @JsonPropertyDescription(
            "What becomes of compressed bytes. Auto: gzip, xz, zstd and bzip2 are found by their"
                + " first bytes and decompressed on the way. Never: they are left as they are, and"
                + " what is found to be compressed is refused with UnknownFormat.")
        Decompression decompress,
    @JsonPropertyDescription(
            "The format that the image is converted to after it has passed every check. Absent: it"
                + " is stored in the format it comes in.")
        ConversionTarget convertTo,
    @Size(max = Patterns.MAX_STORES)
        @JsonPropertyDescription(
            "Names of the ImageStores that must hold a copy. Absent: the store that is marked"
                + " default; an image that has bytes stays where it is. It may change at any time: a"
                + " store that is added gets a copy, one that is taken off the list loses its own,"
                + " but never the last one.")
        List<@Size(min = 1, max = Patterns.MAX_NAME) String> stores,
    @Default("false")
        @JsonPropertyDescription(
            "True: every ImageStore that this namespace may use and that can be written must hold a"
                + " copy, those too that are made later.")
        Boolean allStores,
    @Min(1)
        @Max(Patterns.MAX_COPIES)
        @JsonPropertyDescription(
            "How many verified copies make the image Ready. Absent: as many as are asked for. With"
                + " fewer, an import succeeds although a store fails; that copy is made later.")
        Integer minAvailable,
    @Default("Private")
        @JsonPropertyDescription(
            "Who may see the image. Private: its own namespace. Shared: also the namespaces that an"
                + " ImageMember names. Community: everybody who knows its name; it needs the verb"
                + " communitize. Public: everybody, and everybody's catalogue shows it; it needs the"
                + " verb publicize.")
        Visibility visibility,
    @JsonProperty("protected")
        @Default("false")
        @JsonPropertyDescription(
            "True: the Image can't be deleted. It goes with its namespace all the same.")
        Boolean isProtected,
    @Default("false")
        @JsonPropertyDescription("True: catalogues leave the image out. Access stays as it is.")
        Boolean hidden,
    @Default("false")
        @JsonPropertyDescription(
            "True: the record can be read, the bytes can't, by nobody. Links to the image are not"
                + " Ready as long as this lasts.")
        Boolean deactivated,
    @Default("Delete")
        @JsonPropertyDescription(
            "What becomes of the stored bytes when the Image is deleted: Delete removes them, Retain"
                + " keeps them with their record beside them.")
        ReclaimPolicy reclaimPolicy,
    @Size(min = 1, max = Patterns.MAX_TEXT) @JsonPropertyDescription("A name for people.")
        String displayName,
    @JsonPropertyDescription("The operating system inside the image.") OperatingSystem os,
    @JsonPropertyDescription("The smallest disk that the image runs from, for example 10Gi.")
        Quantity minDisk,
    @JsonPropertyDescription("The least memory that the image runs with, for example 512Mi.")
        Quantity minMemory,
    @Size(max = 128) @JsonPropertyDescription("Words to find the image by, at most 128.")
        List<@Size(min = 1, max = Patterns.MAX_TEXT) String> tags,
    @Size(max = 128)
        @JsonPropertyDescription("Anything else to be said of the image, at most 128 entries.")
        Map<String, @Size(max = Patterns.MAX_TEXT) String> properties) {

  /** Fills in what the schema's defaults say, and makes collections never null. */
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
