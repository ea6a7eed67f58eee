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
 * One image, offered to one other namespace.
 *
 * @param imageRef the image
 * @param namespace who may see it
 * @param linkName name of the link that accepting it makes; null for that of the image
 * @param acceptance what that namespace says to it
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
    @Required @JsonPropertyDescription("The Image that is offered, in the same namespace.")
        ObjectReference imageRef,
    @Required
        @Size(min = 1, max = Patterns.MAX_NAMESPACE)
        @ValidationRule(value = Patterns.NAMESPACE_RULE, message = Patterns.NAMESPACE_MESSAGE)
        @ValidationRule(value = "self == oldSelf", message = ImageMemberSpec.IMMUTABLE)
        @JsonPropertyDescription("The namespace that it is offered to.")
        String namespace,
    @Size(min = 1, max = Patterns.MAX_IMAGE_NAME)
        @ValidationRule(value = Patterns.NAME_RULE, message = Patterns.NAME_MESSAGE)
        @JsonPropertyDescription(
            "Name that the image gets in that namespace once it is accepted there. Absent: the name"
                + " of the image.")
        String linkName,
    @Default("Pending")
        @JsonPropertyDescription(
            "What that namespace says to it. Pending: nothing yet. Accepted: the image shows up in"
                + " its list, as a link. Rejected: it does not. Only who may create images in that"
                + " namespace may change it.")
        Acceptance acceptance) {

  static final String IMMUTABLE =
      "of a member only the acceptance can be changed; delete the member and create another";

  /** Fills in what the schema's default says. */
  public ImageMemberSpec {
    acceptance = Objects.requireNonNullElse(acceptance, Acceptance.PENDING);
  }

  /** The offer of an image to a namespace, not answered yet. */
  public static ImageMemberSpec offer(String image, String namespace) {
    return new ImageMemberSpec(new ObjectReference(image), namespace, null, Acceptance.PENDING);
  }
}
