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
 * @param web where they come from
 * @param checksum {@code algorithm:hex} of the bytes as delivered
 * @param stores names of ImageStores; empty for those of the Image
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
    value = "[has(self.web)].filter(x, x).size() == 1",
    message = "exactly one source must be given: web")
@ValidationRule(
    value =
        "self.imageRef == oldSelf.imageRef"
            + " && has(self.web) == has(oldSelf.web)"
            + " && (!has(self.web) || self.web == oldSelf.web)"
            + " && has(self.checksum) == has(oldSelf.checksum)"
            + " && (!has(self.checksum) || self.checksum == oldSelf.checksum)"
            + " && has(self.stores) == has(oldSelf.stores)"
            + " && (!has(self.stores) || self.stores == oldSelf.stores)"
            + " && self.backoffLimit == oldSelf.backoffLimit"
            + " && has(self.activeDeadlineSeconds) == has(oldSelf.activeDeadlineSeconds)"
            + " && (!has(self.activeDeadlineSeconds)"
            + " || self.activeDeadlineSeconds == oldSelf.activeDeadlineSeconds)"
            + " && has(self.ttlSecondsAfterFinished) == has(oldSelf.ttlSecondsAfterFinished)"
            + " && (!has(self.ttlSecondsAfterFinished)"
            + " || self.ttlSecondsAfterFinished == oldSelf.ttlSecondsAfterFinished)",
    message = "an import can't be changed, only suspended; delete it and create another")
public record ImageImportSpec(
    @Required @JsonPropertyDescription("The Image that gets the bytes, in the same namespace.")
        ObjectReference imageRef,
    @JsonPropertyDescription("A web server offers the bytes.") WebSourceSpec web,
    @Size(min = 1, max = Patterns.MAX_CHECKSUM)
        @ValidationRule(value = Patterns.CHECKSUM_RULE, message = Patterns.CHECKSUM_MESSAGE)
        @JsonPropertyDescription(
            "Checksum of the bytes as the source delivers them, written algorithm:hex. Absent: that"
                + " of the Image, if it has one.")
        String checksum,
    @Size(max = Patterns.MAX_STORES)
        @JsonPropertyDescription(
            "Names of the ImageStores that must hold a copy. Absent: those of the Image, or the"
                + " default store.")
        List<@Size(min = 1, max = Patterns.MAX_NAME) String> stores,
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
    backoffLimit = Objects.requireNonNullElse(backoffLimit, DEFAULT_BACKOFF_LIMIT);
    suspend = Objects.requireNonNullElse(suspend, false);
  }
}
