package dev.darkroom.controller.support;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds the conditions of one status. An object that is Ready is neither Reconciling nor Stalled,
 * so that a wait for Ready and kstatus (README of sigs.k8s.io/cli-utils/pkg/kstatus) give the same
 * result. {@code lastTransitionTime} changes only with the status of a condition. For one thread.
 */
public final class Conditions {

  /** The condition type that says whether the object is what its spec asks for. */
  public static final String READY = "Ready";

  /** The condition type that is true while work goes on or a prerequisite is missing. */
  public static final String RECONCILING = "Reconciling";

  /** The condition type that is true when a person must act. */
  public static final String STALLED = "Stalled";

  private static final List<String> FIRST = List.of(READY, RECONCILING, STALLED);

  private final Map<String, Condition> byType = new LinkedHashMap<>();
  private final Map<String, Condition> initial;
  private final long generation;
  private final Clock clock;

  private Conditions(List<Condition> before, long generation, Clock clock) {
    before.forEach(condition -> byType.put(condition.getType(), condition));
    this.initial = Map.copyOf(byType);
    this.generation = generation;
    this.clock = clock;
  }

  /** Starts from the conditions of the present status. */
  public static Conditions after(List<Condition> before, Long generation, Clock clock) {
    return new Conditions(before, generation == null ? 0 : generation, clock);
  }

  /** Finds a condition in a status. */
  public static Optional<Condition> find(List<Condition> conditions, String type) {
    return conditions.stream().filter(c -> c.getType().equals(type)).findFirst();
  }

  /** Whether a condition exists and is true. */
  public static boolean isTrue(List<Condition> conditions, String type) {
    return find(conditions, type).filter(c -> "True".equals(c.getStatus())).isPresent();
  }

  /** Sets a condition to True. */
  public Conditions setTrue(String type, String reason, String message) {
    return set(type, "True", reason, message);
  }

  /** Sets a condition to False. */
  public Conditions setFalse(String type, String reason, String message) {
    return set(type, "False", reason, message);
  }

  /** Removes a condition. */
  public Conditions drop(String type) {
    byType.remove(type);
    return this;
  }

  /** Ready: the object is what its spec asks for. */
  public Conditions ready(String reason, String message) {
    return drop(RECONCILING).drop(STALLED).setTrue(READY, reason, message);
  }

  /** Not Ready, Reconciling: work goes on, or a prerequisite is missing. */
  public Conditions reconciling(String reason, String message) {
    return drop(STALLED).setFalse(READY, reason, message).setTrue(RECONCILING, reason, message);
  }

  /** Not Ready, Stalled: a person must act. */
  public Conditions stalled(String reason, String message) {
    return drop(RECONCILING).setFalse(READY, reason, message).setTrue(STALLED, reason, message);
  }

  /** Not Ready, and neither Reconciling nor Stalled: no action is due. */
  public Conditions resting(String reason, String message) {
    return drop(RECONCILING).drop(STALLED).setFalse(READY, reason, message);
  }

  /** The conditions: Ready, Reconciling, Stalled, then the others. */
  public List<Condition> list() {
    return byType.values().stream()
        .sorted(Comparator.comparing(condition -> rank(condition.getType())))
        .toList();
  }

  private static int rank(String type) {
    int rank = FIRST.indexOf(type);
    return rank < 0 ? FIRST.size() : rank;
  }

  private Conditions set(String type, String status, String reason, String message) {
    // The condition of the present status, not one that was set since.
    Condition before = initial.get(type);
    String since =
        before != null && status.equals(before.getStatus())
            ? before.getLastTransitionTime()
            : clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    byType.put(
        type,
        new ConditionBuilder()
            .withType(type)
            .withStatus(status)
            .withReason(reason)
            .withMessage(message)
            .withObservedGeneration(generation)
            .withLastTransitionTime(since)
            .build());
    return this;
  }
}
