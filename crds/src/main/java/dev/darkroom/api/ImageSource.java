package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * Source of an image's bytes. Exactly one component is set.
 *
 * @param web a web server
 * @param s3 an object in S3
 * @param image another image
 * @param registry a container registry
 */
@RecordBuilder
@ValidationRule(
    value =
        "[has(self.web), has(self.s3), has(self.image), has(self.registry)]"
            + ".filter(x, x).size() == 1",
    message = "exactly one source must be set: web, s3, image or registry")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImageSource(
    @JsonPropertyDescription("Import from a web server.") WebSourceSpec web,
    @JsonPropertyDescription("Import an object from S3 or an S3-compatible server.")
        S3SourceSpec s3,
    @JsonPropertyDescription(
            "Use the bytes of another Image that this namespace may read. The import waits until"
                + " that Image is Ready. With stores or allStores, the bytes are copied to the"
                + " stores of this image. Without them, this image is a link: it has no bytes of"
                + " its own, and its status shows those of the other Image.")
        ImageReference image,
    @JsonPropertyDescription(
            "Import a disk from a container image (a file below /disk, as KubeVirt expects it)"
                + " or from an artifact with a single layer.")
        RegistrySourceSpec registry) {

  /** Makes a source from a web server. */
  public static ImageSource of(WebSourceSpec web) {
    return new ImageSource(web, null, null, null);
  }
}
