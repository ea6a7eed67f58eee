package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * One image, offered to one other namespace.
 *
 * @param imageRef the image
 * @param namespace who may see it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ImageMemberSpec(
    @Required @JsonPropertyDescription("The Image that is offered, in the same namespace.")
        ObjectReference imageRef,
    @Required
        @Size(min = 1, max = 63)
        @ValidationRule(value = Patterns.NAME_RULE, message = Patterns.NAME_MESSAGE)
        @ValidationRule(value = "self == oldSelf", message = ImageMemberSpec.IMMUTABLE)
        @JsonPropertyDescription("The namespace that it is offered to.")
        String namespace) {

  private static final String IMMUTABLE = "a member can't be changed; delete it and create another";
}
