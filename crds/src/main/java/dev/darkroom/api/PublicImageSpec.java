package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Required;
import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * What the catalogue says of a public image.
 *
 * @param namespace of the Image
 * @param name of the Image
 * @param displayName its name for people
 * @param os the operating system inside
 * @param diskFormat the format of the stored bytes
 * @param size of the stored bytes, in bytes
 * @param virtualSize of the disk inside, in bytes
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
    @JsonPropertyDescription("The Image's name for people.") String displayName,
    @JsonPropertyDescription("The operating system inside the image.") OperatingSystem os,
    @JsonPropertyDescription("Format of the stored bytes.") String diskFormat,
    @JsonPropertyDescription("Size of the stored bytes, in bytes.") Long size,
    @JsonPropertyDescription("Size of the disk inside, in bytes, where the format has one.")
        Long virtualSize,
    @JsonPropertyDescription("SHA-256 of the stored bytes, written sha256:hex.") String digest,
    @JsonPropertyDescription("This as short strings for columns; programs do not read it.")
        PublicImageSummary summary) {}
