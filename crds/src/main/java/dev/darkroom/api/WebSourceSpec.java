package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Bytes that a web server offers.
 *
 * @param url where
 * @param credentialsRef who we are to the server
 * @param caBundleRef who vouches for the server
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WebSourceSpec(
    @Required
        @Size(min = 1, max = Patterns.MAX_URL)
        @ValidationRule(value = Patterns.URL_RULE, message = Patterns.URL_MESSAGE)
        @ValidationRule(value = Patterns.NO_USER_RULE, message = Patterns.NO_USER_MESSAGE)
        @JsonPropertyDescription(
            "The http or https URL of the image. Redirects are followed, at most 10, and never from"
                + " https to http.")
        String url,
    @JsonPropertyDescription(
            "A Secret in the same namespace with username and password, or with token, or with"
                + " headers (one a line, written Name: value). They are sent to the URL's own"
                + " server only, not to where it redirects.")
        SecretReference credentialsRef,
    @JsonPropertyDescription(
            "A ConfigMap in the same namespace with the authorities to trust beside the usual"
                + " ones.")
        BundleReference caBundleRef) {

  /** A URL that anyone may read. */
  public static WebSourceSpec of(String url) {
    return new WebSourceSpec(url, null, null);
  }
}
