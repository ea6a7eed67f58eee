package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * A disk in a container image, or in an artifact with a single layer.
 *
 * @param reference registry, repository, and tag or digest
 * @param platform platform to choose from an index with several; null for the default
 * @param credentialsRef credentials for the registry; null for none
 * @param caBundleRef additional CA certificates for the registry; null for none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RegistrySourceSpec(
    @Required
        @Size(min = 1, max = 512)
        @ValidationRule(value = Patterns.REFERENCE_RULE, message = Patterns.REFERENCE_MESSAGE)
        @JsonPropertyDescription(
            "Reference of the image, in the form registry/repository:tag or"
                + " registry/repository@sha256:hex. With a digest, no other content is accepted.")
        String reference,
    @Size(min = 1, max = 63)
        @ValidationRule(value = Patterns.PLATFORM_RULE, message = Patterns.PLATFORM_MESSAGE)
        @JsonPropertyDescription(
            "Platform to choose from an image for several platforms, in the form"
                + " os/architecture, for example linux/arm64.")
        String platform,
    @JsonPropertyDescription(
            "Secret in the same namespace, of type kubernetes.io/dockerconfigjson or with"
                + " username and password.")
        SecretReference credentialsRef,
    @JsonPropertyDescription(
            "ConfigMap in the same namespace with CA certificates to trust in addition to the"
                + " default ones.")
        BundleReference caBundleRef) {}
