package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * How far the running attempt is.
 *
 * @param stage what it is doing
 * @param bytes read so far
 * @param totalBytes announced by the source, if it did
 * @param percent of the announced bytes, 0 to 100
 * @param bytesPerSecond over the last seconds
 * @param etaSeconds how long it takes at this rate
 * @param updatedAt when this was true (RFC 3339)
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@SchemaCustomizer(
    value = StructuralSchema.class,
    input =
        "bytes=int64 totalBytes=int64 percent=int32 bytesPerSecond=int64 etaSeconds=int64"
            + " updatedAt=date-time")
public record ImportProgress(
    @JsonPropertyDescription("What the import is doing.") ImportPhase stage,
    @JsonPropertyDescription("Bytes read from the source so far.") Long bytes,
    @JsonPropertyDescription("Bytes that the source announced.") Long totalBytes,
    @JsonPropertyDescription("Share of the announced bytes, 0 to 100.") Integer percent,
    @JsonPropertyDescription("Rate over the last seconds.") Long bytesPerSecond,
    @JsonPropertyDescription("Seconds that are left at this rate.") Long etaSeconds,
    @JsonPropertyDescription("When this was true.") String updatedAt) {}
