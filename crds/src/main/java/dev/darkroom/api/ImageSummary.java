package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * The status as short strings for the columns of {@code kubectl get}. Programs read the fields that
 * these strings are made from.
 *
 * @param size size, rounded
 * @param virtualSize virtual size, rounded
 * @param stores available copies and requested copies, {@code 1/1}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImageSummary(
    @JsonPropertyDescription("Size of the stored bytes, rounded.") String size,
    @JsonPropertyDescription("Size of the virtual disk, rounded.") String virtualSize,
    @JsonPropertyDescription("Available copies and requested copies, for example 1/1.")
        String stores) {}
