package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * Where an image's bytes come from: exactly one of its components is there.
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
    message = "exactly one source must be given: web, s3, image or registry")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImageSource(
    @JsonPropertyDescription("A web server offers the bytes.") WebSourceSpec web,
    @JsonPropertyDescription("The bytes are an object in S3.") S3SourceSpec s3,
    @JsonPropertyDescription(
            "The bytes are those of another Image that this namespace may see, which is waited for"
                + " until it is Ready. With stores or allStores they are copied to this image's own"
                + " copies; without, this image is a link: it has no bytes of its own and its status"
                + " shows those of the other one.")
        ImageReference image,
    @JsonPropertyDescription(
            "The bytes are a disk in a container image (below /disk, as KubeVirt has it), or an"
                + " artifact of one layer.")
        RegistrySourceSpec registry) {

  /** A web server. */
  public static ImageSource of(WebSourceSpec web) {
    return new ImageSource(web, null, null, null);
  }
}
