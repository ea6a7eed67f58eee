package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Required;
import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * Properties of a public image in the catalogue.
 *
 * @param namespace namespace of the Image
 * @param name name of the Image
 * @param displayName human-readable name
 * @param os the operating system inside
 * @param diskFormat format of the stored bytes
 * @param size size of the stored bytes, in bytes
 * @param virtualSize size of the virtual disk, in bytes
 * @param digest {@code sha256:…} of the stored bytes
 * @param summary strings for columns
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@SchemaCustomizer(value = StructuralSchema.class, input = "size=int64 virtualSize=int64")
public record PublicImageSpec(
    @Required @JsonPropertyDescription("Namespace of the Image.") String namespace,
    @Required @JsonPropertyDescription("Name of the Image.") String name,
    @JsonPropertyDescription("Human-readable name of the Image.") String displayName,
    @JsonPropertyDescription("The operating system inside the image.") OperatingSystem os,
    @JsonPropertyDescription("Format of the stored bytes.") String diskFormat,
    @JsonPropertyDescription("Size of the stored bytes, in bytes.") Long size,
    @JsonPropertyDescription("Size of the virtual disk, in bytes, if the format has one.")
        Long virtualSize,
    @JsonPropertyDescription("SHA-256 of the stored bytes, in the form sha256:hex.") String digest,
    @JsonPropertyDescription(
            "This spec as short strings for the columns of kubectl get. Programs must not read"
                + " it.")
        PublicImageSummary summary) {}
