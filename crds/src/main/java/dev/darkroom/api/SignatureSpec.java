package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * A detached signature of a checksum file.
 *
 * @param url URL of the signature
 * @param publicKeyRef public key that must verify the signature
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SignatureSpec(
    @Required
        @Size(min = 1, max = Patterns.MAX_URL)
        @ValidationRule(value = Patterns.URL_RULE, message = Patterns.URL_MESSAGE)
        @ValidationRule(value = Patterns.NO_USER_RULE, message = Patterns.NO_USER_MESSAGE)
        @JsonPropertyDescription("URL (http or https) of the detached signature.")
        String url,
    @Required
        @JsonPropertyDescription(
            "Public key of the publisher: OpenPGP, minisign, or PEM as cosign uses it.")
        PublicKeyReference publicKeyRef) {}
