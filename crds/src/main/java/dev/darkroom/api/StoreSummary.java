package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * The status of a store as short strings for the columns of {@code kubectl get}.
 *
 * @param type type of the store
 * @param used bytes used, rounded
 * @param available bytes available, rounded
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StoreSummary(
    @JsonPropertyDescription("Type of the store.") String type,
    @JsonPropertyDescription("Bytes used, rounded.") String used,
    @JsonPropertyDescription("Bytes available, rounded.") String available) {}
