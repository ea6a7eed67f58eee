package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * The status as short strings for the columns of {@code kubectl get}. For people: programs read the
 * fields that these are made from.
 *
 * @param size the size, rounded
 * @param virtualSize the virtual size, rounded
 * @param stores available copies and copies asked for, {@code 1/1}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImageSummary(
    @JsonPropertyDescription("Size of the stored bytes, rounded.") String size,
    @JsonPropertyDescription("Size of the disk inside, rounded.") String virtualSize,
    @JsonPropertyDescription("Available copies of those asked for.") String stores) {}
