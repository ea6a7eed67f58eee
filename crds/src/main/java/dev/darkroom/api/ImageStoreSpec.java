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
 * Desired state of a store. Exactly one of filesystem and s3 is set.
 *
 * @param description human-readable description
 * @param isDefault whether images that name no store use this store; {@code default} in manifests
 * @param weight priority for reading; the highest weight is read first
 * @param readOnly whether writing new copies is disabled
 * @param namespaces the namespaces that may use the store; null for all
 * @param capacity maximum total size of the images in the store; null for no limit but the free
 *     space
 * @param filesystem a directory
 * @param s3 a bucket
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@SchemaCustomizer(value = StructuralSchema.class, input = "weight=int32 capacity=quantity")
@ValidationRule(
    value = "[has(self.filesystem), has(self.s3)].filter(x, x).size() == 1",
    message = "exactly one store type must be set: filesystem or s3")
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
    message =
        "filesystem, s3.bucket, s3.prefix and s3.endpoint are immutable, because images would lose"
            + " their bytes; create another ImageStore")
public record ImageStoreSpec(
    @Size(min = 1, max = 1024) @JsonPropertyDescription("Human-readable description of the store.")
        String description,
    @JsonProperty("default")
        @Default("false")
        @JsonPropertyDescription(
            "If true, images that name no store use this store. If several stores are marked as"
                + " default, the oldest one is used, and a condition of each store reports it.")
        Boolean isDefault,
    @Default("0")
        @Min(-1_000_000)
        @Max(1_000_000)
        @JsonPropertyDescription(
            "Priority for reading: copies are read from the store with the highest weight that"
                + " holds one.")
        Integer weight,
    @Default("false")
        @JsonPropertyDescription(
            "If true, copies can be read and removed, but no new copies are written.")
        Boolean readOnly,
    @JsonPropertyDescription(
            "Label selector for the namespaces whose images may use the store. If unset: all"
                + " namespaces. Existing copies stay.")
        NamespaceSelector namespaces,
    @JsonPropertyDescription(
            "Maximum total size of the images in the store, for example 2Ti. If unset: the free"
                + " space is the only limit.")
        Quantity capacity,
    @JsonPropertyDescription("A directory or mounted volume.") FilesystemStoreSpec filesystem,
    @JsonPropertyDescription("A bucket in Amazon S3 or an S3-compatible server.") S3StoreSpec s3) {

  /** Applies the defaults of the schema. */
  public ImageStoreSpec {
    isDefault = Objects.requireNonNullElse(isDefault, false);
    weight = Objects.requireNonNullElse(weight, 0);
    readOnly = Objects.requireNonNullElse(readOnly, false);
  }
}
