package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/**
 * The operating system inside an image, as the owner of the image describes it.
 *
 * @param distro for example {@code ubuntu}
 * @param version for example {@code 24.04}
 * @param architecture for example {@code x86_64}
 * @param type for example {@code linux}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OperatingSystem(
    @Size(min = 1, max = 63)
        @JsonPropertyDescription("Distribution, for example ubuntu, fedora or windows.")
        String distro,
    @Size(min = 1, max = 63)
        @JsonPropertyDescription("Version of the distribution, for example \"24.04\".")
        String version,
    @Size(min = 1, max = 63)
        @JsonPropertyDescription("Processor architecture, for example x86_64 or aarch64.")
        String architecture,
    @Size(min = 1, max = 63) @JsonPropertyDescription("Family, for example linux or windows.")
        String type) {}
