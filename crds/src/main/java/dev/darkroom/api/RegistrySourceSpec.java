package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Bytes that are a disk in a container image, or in an artifact of one layer.
 *
 * @param reference registry, repository, and tag or digest
 * @param platform of an index with several
 * @param credentialsRef who we are to the registry
 * @param caBundleRef who vouches for the registry
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RegistrySourceSpec(
    @Required
        @Size(min = 1, max = 512)
        @ValidationRule(value = Patterns.REFERENCE_RULE, message = Patterns.REFERENCE_MESSAGE)
        @JsonPropertyDescription(
            "The image, written registry/repository:tag or registry/repository@sha256:hex. With a"
                + " digest nothing else is accepted.")
        String reference,
    @Size(min = 1, max = 63)
        @ValidationRule(value = Patterns.PLATFORM_RULE, message = Patterns.PLATFORM_MESSAGE)
        @JsonPropertyDescription(
            "Which one of an image for several platforms, written os/architecture, for example"
                + " linux/arm64.")
        String platform,
    @JsonPropertyDescription(
            "A Secret in the same namespace: of type kubernetes.io/dockerconfigjson, or with"
                + " username and password.")
        SecretReference credentialsRef,
    @JsonPropertyDescription(
            "A ConfigMap in the same namespace with the authorities to trust beside the usual"
                + " ones.")
        BundleReference caBundleRef) {}
