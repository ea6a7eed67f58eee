package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * A checksum that the publisher keeps in a checksum file.
 *
 * @param url URL of the checksum file
 * @param entry name of the image in the file; null for the last segment of the source's path
 * @param signature detached signature of the checksum file; null for none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChecksumFromSpec(
    @Required
        @Size(min = 1, max = Patterns.MAX_URL)
        @ValidationRule(value = Patterns.URL_RULE, message = Patterns.URL_MESSAGE)
        @ValidationRule(value = Patterns.NO_USER_RULE, message = Patterns.NO_USER_MESSAGE)
        @JsonPropertyDescription("URL (http or https) of the checksum file, in GNU or BSD format.")
        String url,
    @Size(min = 1, max = Patterns.MAX_TEXT)
        @JsonPropertyDescription(
            "Name of the image in the checksum file. If unset: the last segment of the source's"
                + " path.")
        String entry,
    @JsonPropertyDescription(
            "Detached signature of the checksum file. Without a valid signature the image is"
                + " refused.")
        SignatureSpec signature) {}
