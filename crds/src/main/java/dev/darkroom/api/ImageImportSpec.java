package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Objects;

/**
 * What one import shall do.
 *
 * @param imageRef the Image that gets the bytes
 * @param web where they come from, as are {@code s3}, {@code image}, {@code registry} and {@code
 *     copy}: exactly one of them is there
 * @param s3 an object in S3
 * @param image another image
 * @param registry a container registry
 * @param copy a verified copy of the Image itself, to more stores
 * @param checksum {@code algorithm:hex} of the bytes as delivered
 * @param checksumFrom where the publisher keeps it instead
 * @param decompress what becomes of compressed bytes
 * @param convertTo the format to store them in; null for that of the Image
 * @param stores names of ImageStores; empty for those of the Image
 * @param allStores whether every ImageStore that the namespace may use gets a copy
 * @param allStoresMustSucceed whether a store that fails fails the import
 * @param backoffLimit how many failed attempts are followed by another
 * @param activeDeadlineSeconds how long it may take from its start, waits and retries included
 * @param ttlSecondsAfterFinished how long the finished object is kept; null for ever
 * @param suspend true stops it and keeps the object
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(
    value = StructuralSchema.class,
    input =
        "stores=names backoffLimit=int32 activeDeadlineSeconds=int64 ttlSecondsAfterFinished=int64")
@ValidationRule(
    value =
        "[has(self.web), has(self.s3), has(self.image), has(self.registry), has(self.copy)]"
            + ".filter(x, x).size() == 1",
    message = "exactly one source must be given: web, s3, image, registry or copy")
@ValidationRule(
    value = "!(has(self.checksum) && has(self.checksumFrom))",
    message = "either checksum or checksumFrom, not both")
@ValidationRule(
    value =
        "!has(self.copy) || !(has(self.checksum) || has(self.checksumFrom) || has(self.convertTo))",
    message = "a copy is the same as the image: it has no checksum and no conversion of its own")
@ValidationRule(
    value = "!(self.allStores && has(self.stores) && size(self.stores) > 0)",
    message = "either stores or allStores, not both")
@ValidationRule(
    value =
        "self.imageRef == oldSelf.imageRef"
            + " && self.decompress == oldSelf.decompress"
            + " && self.allStores == oldSelf.allStores"
            + " && self.allStoresMustSucceed == oldSelf.allStoresMustSucceed"
            + " && self.backoffLimit == oldSelf.backoffLimit"
            + " && has(self.web) == has(oldSelf.web)"
            + " && (!has(self.web) || self.web == oldSelf.web)"
            + " && has(self.s3) == has(oldSelf.s3)"
            + " && (!has(self.s3) || self.s3 == oldSelf.s3)"
            + " && has(self.image) == has(oldSelf.image)"
            + " && (!has(self.image) || self.image == oldSelf.image)"
            + " && has(self.registry) == has(oldSelf.registry)"
            + " && (!has(self.registry) || self.registry == oldSelf.registry)"
            + " && has(self.copy) == has(oldSelf.copy)"
            + " && (!has(self.copy) || self.copy == oldSelf.copy)"
            + " && has(self.checksum) == has(oldSelf.checksum)"
            + " && (!has(self.checksum) || self.checksum == oldSelf.checksum)"
            + " && has(self.checksumFrom) == has(oldSelf.checksumFrom)"
            + " && (!has(self.checksumFrom) || self.checksumFrom == oldSelf.checksumFrom)"
            + " && has(self.convertTo) == has(oldSelf.convertTo)"
            + " && (!has(self.convertTo) || self.convertTo == oldSelf.convertTo)"
            + " && has(self.stores) == has(oldSelf.stores)"
            + " && (!has(self.stores) || self.stores == oldSelf.stores)"
            + " && has(self.activeDeadlineSeconds) == has(oldSelf.activeDeadlineSeconds)"
            + " && (!has(self.activeDeadlineSeconds) || self.activeDeadlineSeconds == oldSelf.activeDeadlineSeconds)"
            + " && has(self.ttlSecondsAfterFinished) == has(oldSelf.ttlSecondsAfterFinished)"
            + " && (!has(self.ttlSecondsAfterFinished) || self.ttlSecondsAfterFinished == oldSelf.ttlSecondsAfterFinished)",
    message = "an import can't be changed, only suspended; delete it and create another")
public record ImageImportSpec(
    @Required @JsonPropertyDescription("The Image that gets the bytes, in the same namespace.")
        ObjectReference imageRef,
    @JsonPropertyDescription("A web server offers the bytes.") WebSourceSpec web,
    @JsonPropertyDescription("The bytes are an object in S3.") S3SourceSpec s3,
    @JsonPropertyDescription(
            "The bytes are those of another Image that this namespace may see, which is waited for"
                + " until it is Ready.")
        ImageReference image,
    @JsonPropertyDescription(
            "The bytes are a disk in a container image (below /disk, as KubeVirt has it), or an"
                + " artifact of one layer.")
        RegistrySourceSpec registry,
    @JsonPropertyDescription(
            "The bytes are there: a verified copy of the Image is copied to more stores. It is empty"
                + " and only says so.")
        CopySourceSpec copy,
    @Size(min = 1, max = Patterns.MAX_CHECKSUM)
        @ValidationRule(value = Patterns.CHECKSUM_RULE, message = Patterns.CHECKSUM_MESSAGE)
        @JsonPropertyDescription(
            "Checksum of the bytes as the source delivers them, written algorithm:hex. Absent: that"
                + " of the Image, if it has one.")
        String checksum,
    @JsonPropertyDescription(
            "Where the publisher keeps the checksum: a file such as SHA256SUMS, and its signature."
                + " It is read before the first byte of the image.")
        ChecksumFromSpec checksumFrom,
    @Default("Auto")
        @JsonPropertyDescription(
            "What becomes of compressed bytes. Auto: gzip, xz, zstd and bzip2 are found by their"
                + " first bytes and decompressed on the way. Never: they are left as they are, and"
                + " what is found to be compressed is refused with UnknownFormat.")
        Decompression decompress,
    @JsonPropertyDescription(
            "The format that the image is converted to after it has passed every check. Absent: that"
                + " of the Image, if it asks for one.")
        ConversionTarget convertTo,
    @Size(max = Patterns.MAX_STORES)
        @JsonPropertyDescription(
            "Names of the ImageStores that must hold a copy. Absent: those of the Image, or the"
                + " default store.")
        List<@Size(min = 1, max = Patterns.MAX_NAME) String> stores,
    @Default("false")
        @JsonPropertyDescription(
            "True: every ImageStore that this namespace may use and that can be written must hold a"
                + " copy.")
        Boolean allStores,
    @Default("true")
        @JsonPropertyDescription(
            "True: one store that fails fails the import. False: it succeeds with as many copies as"
                + " the Image's minAvailable, or with one; the others are made later.")
        Boolean allStoresMustSucceed,
    @Default("6")
        @Min(0)
        @Max(1000)
        @JsonPropertyDescription("How many failed attempts are followed by another one.")
        Integer backoffLimit,
    @Min(1)
        @JsonPropertyDescription(
            "How long the import may take from its start, in seconds, waits and retries included."
                + " Absent: as long as it takes.")
        Long activeDeadlineSeconds,
    @Min(0)
        @JsonPropertyDescription(
            "How long the finished import is kept before it is deleted, in seconds. Absent: as long"
                + " as its Image.")
        Long ttlSecondsAfterFinished,
    @Default("false")
        @JsonPropertyDescription(
            "True stops the import and keeps the object; false again starts it once more.")
        Boolean suspend) {

  /** How many failed attempts are followed by another where the import does not say. */
  public static final int DEFAULT_BACKOFF_LIMIT = 6;

  /** Fills in what the schema's defaults say, and makes collections never null. */
  public ImageImportSpec {
    stores = stores == null ? List.of() : List.copyOf(stores);
    decompress = Objects.requireNonNullElse(decompress, Decompression.AUTO);
    allStores = Objects.requireNonNullElse(allStores, false);
    allStoresMustSucceed = Objects.requireNonNullElse(allStoresMustSucceed, true);
    backoffLimit = Objects.requireNonNullElse(backoffLimit, DEFAULT_BACKOFF_LIMIT);
    suspend = Objects.requireNonNullElse(suspend, false);
  }
}
