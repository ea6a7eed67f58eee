package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * A detached signature of a sums file.
 *
 * @param url where the signature is
 * @param publicKeyRef who must have made it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SignatureSpec(
    @Required
        @Size(min = 1, max = Patterns.MAX_URL)
        @ValidationRule(value = Patterns.URL_RULE, message = Patterns.URL_MESSAGE)
        @ValidationRule(value = Patterns.NO_USER_RULE, message = Patterns.NO_USER_MESSAGE)
        @JsonPropertyDescription("The http or https URL of the detached signature.")
        String url,
    @Required
        @JsonPropertyDescription(
            "The publisher's public key: OpenPGP, minisign, or PEM as cosign takes it.")
        PublicKeyReference publicKeyRef) {}
