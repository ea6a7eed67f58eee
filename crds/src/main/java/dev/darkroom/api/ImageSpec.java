package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Default;
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
 * @param diskFormat the format that must be found; null for whatever is found
 * @param stores names of ImageStores; empty for the default store
 * @param visibility who may see it
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
    input = "stores=names tags=set minDisk=quantity minMemory=quantity")
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
            "Format of the disk. Absent: as detected from the bytes. Present and different from what"
                + " is detected: the image is refused. Raw disks must be declared, for nothing in"
                + " the bytes says that they are one.")
        DiskFormatName diskFormat,
    @Size(max = Patterns.MAX_STORES)
        @JsonPropertyDescription(
            "Names of the ImageStores that must hold a copy. Absent: the store that is marked"
                + " default. It may be changed until the image has bytes.")
        List<@Size(min = 1, max = Patterns.MAX_NAME) String> stores,
    @Default("Private")
        @JsonPropertyDescription("Who may see the image: Private, its own namespace.")
        Visibility visibility,
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
    visibility = Objects.requireNonNullElse(visibility, Visibility.PRIVATE);
    reclaimPolicy = Objects.requireNonNullElse(reclaimPolicy, ReclaimPolicy.DELETE);
  }
}
