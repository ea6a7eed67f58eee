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
 * Desired state of one import. Exactly one of web, s3, image, registry and copy is set.
 *
 * @param imageRef the Image that receives the bytes
 * @param web a web server
 * @param s3 an object in S3
 * @param image another image
 * @param registry a container registry
 * @param copy a verified copy of the Image itself, to copy to more stores
 * @param checksum {@code algorithm:hex} of the bytes as delivered
 * @param checksumFrom where the publisher keeps the checksum instead
 * @param decompress how compressed bytes are handled
 * @param convertTo format to store; null for that of the Image
 * @param stores names of ImageStores; empty for those of the Image
 * @param allStores whether every ImageStore that the namespace may use receives a copy
 * @param allStoresMustSucceed whether the failure of one store fails the import
 * @param backoffLimit number of retries after failed attempts
 * @param activeDeadlineSeconds maximum duration from the start, in seconds, including waits and
 *     retries; null for no limit
 * @param ttlSecondsAfterFinished how long the finished object is kept, in seconds; null for no
 *     limit
 * @param suspend true stops the import and keeps the object
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
    message = "exactly one source must be set: web, s3, image, registry or copy")
@ValidationRule(
    value = "!(has(self.checksum) && has(self.checksumFrom))",
    message = "checksum and checksumFrom must not both be set")
@ValidationRule(
    value =
        "!has(self.copy) || !(has(self.checksum) || has(self.checksumFrom) || has(self.convertTo))",
    message = "copy must not be combined with checksum, checksumFrom or convertTo")
@ValidationRule(
    value = "!(self.allStores && has(self.stores) && size(self.stores) > 0)",
    message = "stores must be empty if allStores is true")
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
    message = "spec is immutable except for suspend; delete the ImageImport and create another one")
public record ImageImportSpec(
    @Required @JsonPropertyDescription("The Image that receives the bytes, in the same namespace.")
        ObjectReference imageRef,
    @JsonPropertyDescription("Import from a web server.") WebSourceSpec web,
    @JsonPropertyDescription("Import an object from S3 or an S3-compatible server.")
        S3SourceSpec s3,
    @JsonPropertyDescription(
            "Import the bytes of another Image that this namespace may read. The import waits"
                + " until that Image is Ready.")
        ImageReference image,
    @JsonPropertyDescription(
            "Import a disk from a container image (a file below /disk, as KubeVirt expects it)"
                + " or from an artifact with a single layer.")
        RegistrySourceSpec registry,
    @JsonPropertyDescription(
            "Copy an existing, verified copy of the Image to more stores. The object has no"
                + " fields.")
        CopySourceSpec copy,
    @Size(min = 1, max = Patterns.MAX_CHECKSUM)
        @ValidationRule(value = Patterns.CHECKSUM_RULE, message = Patterns.CHECKSUM_MESSAGE)
        @JsonPropertyDescription(
            "Checksum of the bytes as delivered by the source, in the form algorithm:hex. If"
                + " unset: the checksum of the Image, if it has one.")
        String checksum,
    @JsonPropertyDescription(
            "Where the publisher keeps the checksum: a file such as SHA256SUMS, and its"
                + " signature. The file is read before the first byte of the image.")
        ChecksumFromSpec checksumFrom,
    @Default("Auto")
        @JsonPropertyDescription(
            "How compressed bytes are handled. Auto: gzip, xz, zstd and bzip2 are detected by"
                + " their first bytes and decompressed during the transfer. Never: nothing is"
                + " decompressed, and an image that is found to be compressed is refused with"
                + " UnknownFormat.")
        Decompression decompress,
    @JsonPropertyDescription(
            "Format that the image is converted to after all checks have passed. If unset:"
                + " spec.convertTo of the Image, if it is set.")
        ConversionTarget convertTo,
    @Size(max = Patterns.MAX_STORES)
        @JsonPropertyDescription(
            "Names of the ImageStores that must hold a copy. If unset: the stores of the Image,"
                + " or the default store.")
        List<@Size(min = 1, max = Patterns.MAX_NAME) String> stores,
    @Default("false")
        @JsonPropertyDescription(
            "If true, every writable ImageStore that this namespace may use must hold a copy.")
        Boolean allStores,
    @Default("true")
        @JsonPropertyDescription(
            "If true, the failure of one store fails the import. If false, the import succeeds"
                + " with as many copies as spec.minAvailable of the Image, or with one copy if"
                + " that is unset; the other copies are made later.")
        Boolean allStoresMustSucceed,
    @Default("6")
        @Min(0)
        @Max(1000)
        @JsonPropertyDescription(
            "Number of retries: how many failed attempts are followed by another attempt.")
        Integer backoffLimit,
    @Min(1)
        @JsonPropertyDescription(
            "Maximum duration of the import in seconds, from its start, including waits and"
                + " retries. If unset: no limit.")
        Long activeDeadlineSeconds,
    @Min(0)
        @JsonPropertyDescription(
            "Time in seconds that the finished import is kept before it is deleted. If unset:"
                + " the import is kept as long as its Image.")
        Long ttlSecondsAfterFinished,
    @Default("false")
        @JsonPropertyDescription(
            "If true, the import is stopped and the object is kept. Changing it back to false"
                + " starts the import again.")
        Boolean suspend) {

  /** Default number of retries. */
  public static final int DEFAULT_BACKOFF_LIMIT = 6;

  /** Applies the defaults of the schema. Collections are never null. */
  public ImageImportSpec {
    stores = stores == null ? List.of() : List.copyOf(stores);
    decompress = Objects.requireNonNullElse(decompress, Decompression.AUTO);
    allStores = Objects.requireNonNullElse(allStores, false);
    allStoresMustSucceed = Objects.requireNonNullElse(allStoresMustSucceed, true);
    backoffLimit = Objects.requireNonNullElse(backoffLimit, DEFAULT_BACKOFF_LIMIT);
    suspend = Objects.requireNonNullElse(suspend, false);
  }
}
