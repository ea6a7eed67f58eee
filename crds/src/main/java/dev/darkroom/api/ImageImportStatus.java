package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/**
 * What the operator says of an import.
 *
 * @param observedGeneration the generation of the spec that this is about; -1 at first
 * @param phase the state in one word
 * @param column short text for the column: {@code 42%}, {@code Done}, or a reason
 * @param queuePosition how many are ahead of it and one, while it waits for a slot
 * @param attempts how many were begun
 * @param startTime when the first was begun (RFC 3339)
 * @param completionTime when it succeeded or was given up (RFC 3339)
 * @param nextAttemptAt when the next attempt begins, while one is due (RFC 3339)
 * @param progress of the running attempt
 * @param source what the source said before the first byte
 * @param stores the copies
 * @param result what the bytes were found to be
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
            "Generation of the spec that this status is about; -1 until the operator has seen it.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "The state in one word, for people: Queued, Staging, Importing, Validating,"
                + " Replicating, Succeeded or Failed. Programs read the conditions.")
        ImportPhase phase,
    @JsonPropertyDescription("How far the import is, or why it is not: 42%, Done, or a reason.")
        String column,
    @JsonPropertyDescription("Its place in the queue while it waits for a free slot, from 1.")
        Integer queuePosition,
    @JsonPropertyDescription("Attempts that were begun.") Integer attempts,
    @JsonPropertyDescription("When the first attempt was begun.") String startTime,
    @JsonPropertyDescription("When the import succeeded or was given up.") String completionTime,
    @JsonPropertyDescription("When the next attempt begins, while one is due.")
        String nextAttemptAt,
    @JsonPropertyDescription("How far the running attempt is.") ImportProgress progress,
    @JsonPropertyDescription("What the source said before the first byte.")
        ImportSourceFacts source,
    @JsonPropertyDescription("The copies, one entry a store.") List<StoreCopy> stores,
    @JsonPropertyDescription("What the bytes were found to be, once the import succeeded.")
        ImportResult result,
    @JsonPropertyDescription(
            "Ready, Reconciling and Stalled as on every kind, and Complete and Failed as on a Job.")
        List<Condition> conditions) {

  /** Makes collections never null and counts from 0. */
  public ImageImportStatus {
    attempts = attempts == null ? 0 : attempts;
    stores = stores == null ? List.of() : List.copyOf(stores);
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }

  /** A status that says nothing yet. */
  public static ImageImportStatus empty() {
    return ImageImportStatusBuilder.builder().build();
  }
}
