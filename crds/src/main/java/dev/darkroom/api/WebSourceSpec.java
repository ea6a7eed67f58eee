package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Bytes that a web server offers.
 *
 * @param url where
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record WebSourceSpec(
    @Required
        @Size(min = 1, max = Patterns.MAX_URL)
        @ValidationRule(
            value =
                "isURL(self) && url(self).getScheme() in ['http', 'https']"
                    + " && url(self).getHostname() != ''",
            message = "must be an http:// or https:// URL with a host")
        @ValidationRule(
            value = "!self.matches('^[a-zA-Z]+://[^/?#]*@')",
            message = "must not hold a user name or password")
        @JsonPropertyDescription(
            "The http or https URL of the image. Redirects are followed, at most 10, and never from"
                + " https to http.")
        String url) {}
