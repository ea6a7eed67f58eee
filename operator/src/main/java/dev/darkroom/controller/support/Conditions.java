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
 * The conditions of one status while it is being worked out. What is Ready is neither Reconciling
 * nor Stalled: whoever waits for Ready and whoever reads the status as kstatus does (README of
 * sigs.k8s.io/cli-utils/pkg/kstatus) come to the same end. The time of a condition moves only when
 * its status does. Used by one thread.
 */
public final class Conditions {

  public static final String READY = "Ready";
  public static final String RECONCILING = "Reconciling";
  public static final String STALLED = "Stalled";

  private static final List<String> FIRST = List.of(READY, RECONCILING, STALLED);

  private final Map<String, Condition> byType = new LinkedHashMap<>();
  private final Map<String, Condition> atFirst;
  private final long generation;
  private final Clock clock;

  private Conditions(List<Condition> before, long generation, Clock clock) {
    before.forEach(condition -> byType.put(condition.getType(), condition));
    this.atFirst = Map.copyOf(byType);
    this.generation = generation;
    this.clock = clock;
  }

  /** Begins with what the status says now. */
  public static Conditions after(List<Condition> before, Long generation, Clock clock) {
    return new Conditions(before, generation == null ? 0 : generation, clock);
  }

  /** Finds a condition in a status. */
  public static Optional<Condition> find(List<Condition> conditions, String type) {
    return conditions.stream().filter(c -> c.getType().equals(type)).findFirst();
  }

  /** Whether a condition is there and true. */
  public static boolean isTrue(List<Condition> conditions, String type) {
    return find(conditions, type).filter(c -> "True".equals(c.getStatus())).isPresent();
  }

  public Conditions setTrue(String type, String reason, String message) {
    return set(type, "True", reason, message);
  }

  public Conditions setFalse(String type, String reason, String message) {
    return set(type, "False", reason, message);
  }

  public Conditions drop(String type) {
    byType.remove(type);
    return this;
  }

  /** The object is what its spec asks for. */
  public Conditions ready(String reason, String message) {
    return drop(RECONCILING).drop(STALLED).setTrue(READY, reason, message);
  }

  /** Not yet, and work goes on or something is awaited. */
  public Conditions reconciling(String reason, String message) {
    return drop(STALLED).setFalse(READY, reason, message).setTrue(RECONCILING, reason, message);
  }

  /** Not, and a person is needed. */
  public Conditions stalled(String reason, String message) {
    return drop(RECONCILING).setFalse(READY, reason, message).setTrue(STALLED, reason, message);
  }

  /** Not, and nobody is to do anything about it: it rests. */
  public Conditions resting(String reason, String message) {
    return drop(RECONCILING).drop(STALLED).setFalse(READY, reason, message);
  }

  /** In the order that people look for them. */
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
    // Not what was said a moment ago, on the way to this.
    Condition before = atFirst.get(type);
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
