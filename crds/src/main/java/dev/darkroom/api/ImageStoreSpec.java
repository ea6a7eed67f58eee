package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Objects;

/**
 * One place where copies live: exactly one driver is there.
 *
 * @param description for people
 * @param isDefault whether images that name no store go here; {@code default} in manifests
 * @param filesystem a directory
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "[has(self.filesystem)].filter(x, x).size() == 1",
    message = "exactly one kind of store must be given: filesystem")
@ValidationRule(
    value =
        "has(self.filesystem) == has(oldSelf.filesystem)"
            + " && (!has(self.filesystem) || self.filesystem == oldSelf.filesystem)",
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
    @JsonPropertyDescription("A directory or mounted volume.") FilesystemStoreSpec filesystem) {

  /** Fills in what the schema's defaults say. */
  public ImageStoreSpec {
    isDefault = Objects.requireNonNullElse(isDefault, false);
  }
}
