package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Bytes on a web server.
 *
 * @param url URL of the bytes
 * @param credentialsRef credentials for the server; null for none
 * @param caBundleRef additional CA certificates for the server; null for none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WebSourceSpec(
    @Required
        @Size(min = 1, max = Patterns.MAX_URL)
        @ValidationRule(value = Patterns.URL_RULE, message = Patterns.URL_MESSAGE)
        @ValidationRule(value = Patterns.NO_USER_RULE, message = Patterns.NO_USER_MESSAGE)
        @JsonPropertyDescription(
            "URL (http or https) of the image. At most 10 redirects are followed, and never from"
                + " https to http.")
        String url,
    @JsonPropertyDescription(
            "Secret in the same namespace with username and password, or with token, or with"
                + " headers (one per line, in the form Name: value). Credentials are sent only"
                + " to the server of the URL, never to the target of a redirect.")
        SecretReference credentialsRef,
    @JsonPropertyDescription(
            "ConfigMap in the same namespace with CA certificates to trust in addition to the"
                + " default ones.")
        BundleReference caBundleRef) {

  /** Makes a source from a URL that needs no credentials. */
  public static WebSourceSpec of(String url) {
    return new WebSourceSpec(url, null, null);
  }
}
