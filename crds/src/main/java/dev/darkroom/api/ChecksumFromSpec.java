package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * A checksum that the publisher keeps in a sums file.
 *
 * @param url where the sums file is
 * @param entry the file's name in it; null for the last part of the source's path
 * @param signature of the sums file
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChecksumFromSpec(
    @Required
        @Size(min = 1, max = Patterns.MAX_URL)
        @ValidationRule(value = Patterns.URL_RULE, message = Patterns.URL_MESSAGE)
        @ValidationRule(value = Patterns.NO_USER_RULE, message = Patterns.NO_USER_MESSAGE)
        @JsonPropertyDescription("The http or https URL of the sums file, in GNU or BSD format.")
        String url,
    @Size(min = 1, max = Patterns.MAX_TEXT)
        @JsonPropertyDescription(
            "The name that the sums file has for the image. Absent: the last part of the source's"
                + " path.")
        String entry,
    @JsonPropertyDescription(
            "A detached signature of the sums file. Without a good one the image is refused.")
        SignatureSpec signature) {}
