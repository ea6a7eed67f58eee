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
import java.util.Objects;

/**
 * One place where copies live: exactly one driver is there.
 *
 * @param description for people
 * @param isDefault whether images that name no store go here; {@code default} in manifests
 * @param weight stores with more of it are read first
 * @param readOnly whether nothing new is written
 * @param namespaces who may use it; null for all
 * @param capacity how many bytes images may have here; null for as many as fit
 * @param filesystem a directory
 * @param s3 a bucket
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@SchemaCustomizer(value = StructuralSchema.class, input = "weight=int32 capacity=quantity")
@ValidationRule(
    value = "[has(self.filesystem), has(self.s3)].filter(x, x).size() == 1",
    message = "exactly one kind of store must be given: filesystem or s3")
@ValidationRule(
    value =
        "has(self.filesystem) == has(oldSelf.filesystem)"
            + " && (!has(self.filesystem) || self.filesystem == oldSelf.filesystem)"
            + " && has(self.s3) == has(oldSelf.s3)"
            + " && (!has(self.s3) || (self.s3.bucket == oldSelf.s3.bucket"
            + " && has(self.s3.prefix) == has(oldSelf.s3.prefix)"
            + " && (!has(self.s3.prefix) || self.s3.prefix == oldSelf.s3.prefix)"
            + " && has(self.s3.endpoint) == has(oldSelf.s3.endpoint)"
            + " && (!has(self.s3.endpoint) || self.s3.endpoint == oldSelf.s3.endpoint)))",
    message = "a store can't move: images would lose their bytes; create another ImageStore")
public record ImageStoreSpec(
    @Size(min = 1, max = 1024) @JsonPropertyDescription("What the store is, for people.")
        String description,
    @JsonProperty("default")
        @Default("false")
        @JsonPropertyDescription(
            "Images that name no store go here. Where several stores say so, the oldest is it and"
                + " each says so in a condition.")
        Boolean isDefault,
    @Default("0")
        @Min(-1_000_000)
        @Max(1_000_000)
        @JsonPropertyDescription(
            "Copies are read from the store with the highest weight that has one.")
        Integer weight,
    @Default("false")
        @JsonPropertyDescription(
            "True: what is in the store is read and removed, but nothing new is written.")
        Boolean readOnly,
    @JsonPropertyDescription(
            "The namespaces whose images may be in the store, by their labels. Absent: all. Copies"
                + " that are there already stay.")
        NamespaceSelector namespaces,
    @JsonPropertyDescription(
            "How many bytes the images in the store may have together, for example 2Ti. Absent: as"
                + " many as fit.")
        Quantity capacity,
    @JsonPropertyDescription("A directory or mounted volume.") FilesystemStoreSpec filesystem,
    @JsonPropertyDescription("A bucket of Amazon S3 or a server like it.") S3StoreSpec s3) {

  /** Fills in what the schema's defaults say. */
  public ImageStoreSpec {
    isDefault = Objects.requireNonNullElse(isDefault, false);
    weight = Objects.requireNonNullElse(weight, 0);
    readOnly = Objects.requireNonNullElse(readOnly, false);
  }
}
