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
 * @param name name of the ImageStore
 * @param state state of the copy
 * @param bytes size of the copy, in bytes
 * @param verifiedAt time of the last check in which the bytes had the digest (RFC 3339)
 * @param message details about the copy
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@SchemaCustomizer(value = StructuralSchema.class, input = "bytes=int64 verifiedAt=date-time")
public record StoreCopy(
    @Required @JsonPropertyDescription("Name of the ImageStore.") String name,
    @Required
        @JsonPropertyDescription(
            "State of the copy: Pending, Copying, Available, Missing, Corrupt or Failed.")
        CopyState state,
    @JsonPropertyDescription("Size of this copy, in bytes.") Long bytes,
    @JsonPropertyDescription(
            "Time of the last check in which the bytes had the digest of the image.")
        String verifiedAt,
    @JsonPropertyDescription("Details about this copy.") String message) {}
