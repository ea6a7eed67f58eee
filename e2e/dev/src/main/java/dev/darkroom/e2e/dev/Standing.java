package dev.darkroom.e2e.dev;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Optional;

/** How an object stands, as its conditions say it. */
sealed interface Standing {

  /** It is what its spec asks for. */
  record Ready() implements Standing {}

  /**
   * Work stopped and needs a person.
   *
   * @param reason in one word
   * @param message as a sentence
   */
  record Stalled(String reason, String message) implements Standing {}

  /**
   * Work goes on, or has not begun.
   *
   * @param reason what is done or awaited
   */
  record Pending(String reason) implements Standing {}

  /**
   * Reads conditions.
   *
   * @param generation of the object
   * @param observedGeneration that the conditions are about; null when there are none yet
   * @param conditions of the object
   */
  static Standing of(long generation, Long observedGeneration, List<Condition> conditions) {
    if (observedGeneration == null || observedGeneration < generation) {
      return new Pending("not seen by the operator yet");
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
