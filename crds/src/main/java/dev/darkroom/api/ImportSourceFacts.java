package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;

/**
 * What the source said before the first byte.
 *
 * @param location the final URL, without its query
 * @param length announced bytes
 * @param etag the validator
 * @param ranges whether it says that it serves ranges
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@SchemaCustomizer(value = StructuralSchema.class, input = "length=int64")
public record ImportSourceFacts(
    @JsonPropertyDescription("Where the bytes really come from, after redirects.") String location,
    @JsonPropertyDescription("Bytes that the source announced.") Long length,
    @JsonPropertyDescription("The source's name for this version of the bytes.") String etag,
    @JsonPropertyDescription("Whether the source says that it serves ranges.") Boolean ranges) {}
