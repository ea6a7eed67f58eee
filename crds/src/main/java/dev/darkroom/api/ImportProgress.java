package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * Progress of the running attempt.
 *
 * @param stage current stage
 * @param bytes number of bytes read so far
 * @param totalBytes number of bytes that the source announced, if it did
 * @param percent percentage of the announced bytes, 0 to 100
 * @param bytesPerSecond transfer rate over the last seconds
 * @param etaSeconds estimated remaining time at this rate, in seconds
 * @param updatedAt time of this measurement (RFC 3339)
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
    @JsonPropertyDescription("Current stage of the import.") ImportPhase stage,
    @JsonPropertyDescription("Number of bytes read from the source so far.") Long bytes,
    @JsonPropertyDescription("Number of bytes that the source announced.") Long totalBytes,
    @JsonPropertyDescription("Percentage of the announced bytes, 0 to 100.") Integer percent,
    @JsonPropertyDescription("Transfer rate over the last seconds, in bytes per second.")
        Long bytesPerSecond,
    @JsonPropertyDescription("Estimated remaining time at this rate, in seconds.") Long etaSeconds,
    @JsonPropertyDescription("Time of this measurement.") String updatedAt) {}
