package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;

/**
 * What the source reported before the first byte.
 *
 * @param location final URL, without its query
 * @param length number of announced bytes
 * @param etag validator of this version of the bytes
 * @param ranges whether the source announces support for range requests
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@SchemaCustomizer(value = StructuralSchema.class, input = "length=int64")
public record ImportSourceFacts(
    @JsonPropertyDescription("Final URL of the bytes, after redirects, without its query.")
        String location,
    @JsonPropertyDescription("Number of bytes that the source announced.") Long length,
    @JsonPropertyDescription("ETag of this version of the bytes at the source.") String etag,
    @JsonPropertyDescription("Whether the source announces support for range requests.")
        Boolean ranges) {}
