package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Objects;

/**
 * The offer of one image to one other namespace.
 *
 * @param imageRef the offered image
 * @param namespace the namespace that the image is offered to
 * @param linkName name of the link that is created on acceptance; null for the name of the image
 * @param acceptance answer of the namespace
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "self.imageRef == oldSelf.imageRef"
            + " && has(self.linkName) == has(oldSelf.linkName)"
            + " && (!has(self.linkName) || self.linkName == oldSelf.linkName)",
    message = ImageMemberSpec.IMMUTABLE)
public record ImageMemberSpec(
    @Required @JsonPropertyDescription("The offered Image, in the same namespace.")
        ObjectReference imageRef,
    @Required
        @Size(min = 1, max = Patterns.MAX_NAMESPACE)
        @ValidationRule(value = Patterns.NAMESPACE_RULE, message = Patterns.NAMESPACE_MESSAGE)
        @ValidationRule(value = "self == oldSelf", message = ImageMemberSpec.IMMUTABLE)
        @JsonPropertyDescription("The namespace that the image is offered to.")
        String namespace,
    @Size(min = 1, max = Patterns.MAX_IMAGE_NAME)
        @ValidationRule(value = Patterns.NAME_RULE, message = Patterns.NAME_MESSAGE)
        @JsonPropertyDescription(
            "Name of the link that is created in that namespace when the offer is accepted. If"
                + " unset: the name of the image.")
        String linkName,
    @Default("Pending")
        @JsonPropertyDescription(
            "Answer of that namespace. Pending: no answer yet. Accepted: the image appears in"
                + " the namespace as a link. Rejected: there is no link. Changing it requires"
                + " permission to create images in that namespace.")
        Acceptance acceptance) {

  static final String IMMUTABLE =
      "only acceptance can be changed; delete the ImageMember and create another one";

  /** Applies the defaults of the schema. */
  public ImageMemberSpec {
    acceptance = Objects.requireNonNullElse(acceptance, Acceptance.PENDING);
  }

  /** An offer of an image to a namespace, without an answer. */
  public static ImageMemberSpec offer(String image, String namespace) {
    return new ImageMemberSpec(new ObjectReference(image), namespace, null, Acceptance.PENDING);
  }
}
