package dev.darkroom.e2e.scenario.gitops;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * The status of an object by kstatus (README of sigs.k8s.io/cli-utils/pkg/kstatus, sections
 * "Statuses" and "Conditions"; rules in the order of {@code status.Compute}), used by kubectl
 * plug-ins, Helm's {@code --wait} and Flux.
 */
public enum Kstatus {
  /** The actual state does not match the spec yet. */
  IN_PROGRESS,
  /** Stopped; a user must act. */
  FAILED,
  /** The actual state matches the spec. */
  CURRENT,
  /** Deletion in progress. */
  TERMINATING;

  /** Evaluates an object in the API server's representation. */
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
    // Without a Ready condition the object is Current.
    return condition(object, "Ready")
        .map(ready -> is(ready, "Ready", "True") ? CURRENT : IN_PROGRESS)
        .orElse(CURRENT);
  }

  /** The condition of this type. */
  public static Optional<JsonNode> condition(JsonNode object, String type) {
    for (JsonNode condition : object.path("status").path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return Optional.of(condition);
      }
    }
    return Optional.empty();
  }

  /** Whether the condition exists and is True. */
  public static boolean isTrue(JsonNode object, String type) {
    return condition(object, type).filter(found -> is(found, type, "True")).isPresent();
  }

  private static boolean is(JsonNode condition, String type, String status) {
    return condition.path("type").asText().equals(type)
        && condition.path("status").asText().equals(status);
  }
}
