package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Required;
import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * One copy of an image in one store.
 *
 * @param name the ImageStore
 * @param state how the copy is
 * @param bytes how many bytes are there
 * @param verifiedAt when its bytes were last found to have the digest (RFC 3339)
 * @param message what there is to say about it
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@SchemaCustomizer(value = StructuralSchema.class, input = "bytes=int64 verifiedAt=date-time")
public record StoreCopy(
    @Required @JsonPropertyDescription("Name of the ImageStore.") String name,
    @Required @JsonPropertyDescription("Pending, Copying, Available, Missing, Corrupt or Failed.")
        CopyState state,
    @JsonPropertyDescription("Bytes in this copy.") Long bytes,
    @JsonPropertyDescription("When the bytes were last found to have the image's digest.")
        String verifiedAt,
    @JsonPropertyDescription("What there is to say about this copy.") String message) {}
