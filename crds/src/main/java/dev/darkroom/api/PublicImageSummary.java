package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * Properties of a public image as short strings for the columns of {@code kubectl get}. Programs
 * read the fields that these strings are made from.
 *
 * @param size size, rounded
 * @param os distribution and version
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PublicImageSummary(
    @JsonPropertyDescription("Size of the stored bytes, rounded.") String size,
    @JsonPropertyDescription("Distribution and version of the operating system.") String os) {}
