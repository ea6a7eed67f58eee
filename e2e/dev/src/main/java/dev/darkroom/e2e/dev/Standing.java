package dev.darkroom.e2e.dev;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Optional;

/** The state of an object by its conditions. */
sealed interface Standing {

  /** The actual state matches the spec. */
  record Ready() implements Standing {}

  /**
   * Stopped; a user must act.
   *
   * @param reason the reason of the condition
   * @param message its message
   */
  record Stalled(String reason, String message) implements Standing {}

  /**
   * In progress, or not started.
   *
   * @param reason the current step or the missing object
   */
  record Pending(String reason) implements Standing {}

  /**
   * Evaluates conditions.
   *
   * @param generation the object's generation
   * @param observedGeneration the generation of the conditions; null if there are none yet
   * @param conditions the object's conditions
   */
  static Standing of(long generation, Long observedGeneration, List<Condition> conditions) {
    if (observedGeneration == null || observedGeneration < generation) {
      return new Pending("not observed by the operator yet");
    }
    Optional<Condition> stalled = find("Stalled", conditions);
    if (isTrue(stalled)) {
      return new Stalled(stalled.get().getReason(), stalled.get().getMessage());
    }
    Optional<Condition> ready = find("Ready", conditions);
    if (isTrue(ready)) {
      return new Ready();
    }
    return new Pending(
        ready.map(c -> c.getReason() + ": " + c.getMessage()).orElse("no condition yet"));
  }

  private static Optional<Condition> find(String type, List<Condition> conditions) {
    return conditions.stream().filter(c -> c.getType().equals(type)).findFirst();
  }

  private static boolean isTrue(Optional<Condition> condition) {
    return condition.map(Condition::getStatus).filter("True"::equals).isPresent();
  }
}
