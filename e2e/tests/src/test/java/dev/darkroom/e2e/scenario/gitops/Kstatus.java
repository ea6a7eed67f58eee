package dev.darkroom.e2e.scenario.gitops;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * What an object's status means to everybody who reads it as kstatus says (README of
 * sigs.k8s.io/cli-utils/pkg/kstatus, sections "Statuses" and "Conditions"; the order of the rules
 * is that of {@code status.Compute}): kubectl plug-ins, Helm's {@code --wait}, Flux.
 */
public enum Kstatus {
  /** What is asked for is not so yet. */
  IN_PROGRESS,
  /** It stopped, and needs somebody. */
  FAILED,
  /** What is asked for is so. */
  CURRENT,
  /** It is being deleted. */
  TERMINATING;

  /** Judges an object as the API server shows it. */
  public static Kstatus of(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    if (!metadata.path("deletionTimestamp").asText().isEmpty()) {
      return TERMINATING;
    }
    JsonNode generation = metadata.path("generation");
    JsonNode observed = object.path("status").path("observedGeneration");
    if (generation.isNumber() && observed.isNumber() && generation.asLong() != observed.asLong()) {
      return IN_PROGRESS;
    }
    for (JsonNode condition : object.path("status").path("conditions")) {
      if (is(condition, "Reconciling", "True")) {
        return IN_PROGRESS;
      }
      if (is(condition, "Stalled", "True")) {
        return FAILED;
      }
    }
    // Who has no Ready condition says nothing, and nothing is taken for the best.
    return condition(object, "Ready")
        .map(ready -> is(ready, "Ready", "True") ? CURRENT : IN_PROGRESS)
        .orElse(CURRENT);
  }

  /** A condition of an object. */
  public static Optional<JsonNode> condition(JsonNode object, String type) {
    for (JsonNode condition : object.path("status").path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return Optional.of(condition);
      }
    }
    return Optional.empty();
  }

  /** Whether an object has a condition, and it is true. */
  public static boolean isTrue(JsonNode object, String type) {
    return condition(object, type).filter(found -> is(found, type, "True")).isPresent();
  }

  private static boolean is(JsonNode condition, String type, String status) {
    return condition.path("type").asText().equals(type)
        && condition.path("status").asText().equals(status);
  }
}
