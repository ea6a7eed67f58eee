package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/**
 * Observed state of an import.
 *
 * @param observedGeneration generation of the spec that this status describes; -1 at first
 * @param phase state in one word
 * @param column short text for the column: {@code 42%}, {@code Done}, or a reason
 * @param queuePosition position in the queue, from 1, while the import waits for a slot
 * @param attempts number of attempts started
 * @param startTime start of the first attempt (RFC 3339)
 * @param completionTime time when the import succeeded or failed (RFC 3339)
 * @param nextAttemptAt start of the next attempt, while one is due (RFC 3339)
 * @param progress progress of the running attempt
 * @param source what the source reported before the first byte
 * @param stores the copies
 * @param result properties of the imported bytes
 * @param conditions Ready, Reconciling, Stalled, Complete, Failed
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(
    value = StructuralSchema.class,
    input =
        "observedGeneration=int64 attempts=int32 startTime=date-time completionTime=date-time"
            + " nextAttemptAt=date-time queuePosition=int32 stores=map:name conditions=map:type")
public record ImageImportStatus(
    @JsonPropertyDescription(
            "Generation of the spec that this status describes; -1 until the operator has seen"
                + " the object.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "State in one word, for people: Queued, Staging, Converting, Importing, Validating,"
                + " Replicating, Succeeded or Failed. Programs read the conditions.")
        ImportPhase phase,
    @JsonPropertyDescription(
            "Progress for the column of kubectl get: a percentage such as 42%, Done, or a reason.")
        String column,
    @JsonPropertyDescription(
            "Position in the queue while the import waits for a free slot, from 1.")
        Integer queuePosition,
    @JsonPropertyDescription("Number of attempts that were started.") Integer attempts,
    @JsonPropertyDescription("Start of the first attempt.") String startTime,
    @JsonPropertyDescription("Time when the import succeeded or failed.") String completionTime,
    @JsonPropertyDescription("Start of the next attempt, while one is due.") String nextAttemptAt,
    @JsonPropertyDescription("Progress of the running attempt.") ImportProgress progress,
    @JsonPropertyDescription("What the source reported before the first byte.")
        ImportSourceFacts source,
    @JsonPropertyDescription("The copies, one entry per store.") List<StoreCopy> stores,
    @JsonPropertyDescription("Properties of the imported bytes. Set when the import has succeeded.")
        ImportResult result,
    @JsonPropertyDescription(
            "Ready, Reconciling and Stalled as on every kind, and Complete and Failed as on a"
                + " Job.")
        List<Condition> conditions) {

  /** Collections and counters are never null. */
  public ImageImportStatus {
    attempts = attempts == null ? 0 : attempts;
    stores = stores == null ? List.of() : List.copyOf(stores);
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }

  /** An empty status. */
  public static ImageImportStatus empty() {
    return ImageImportStatusBuilder.builder().build();
  }
}
