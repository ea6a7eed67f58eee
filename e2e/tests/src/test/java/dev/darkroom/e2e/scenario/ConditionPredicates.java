package dev.darkroom.e2e.scenario;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageStore;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Predicates over the conditions of an object, with a name for the failure message. */
public final class ConditionPredicates {

  private record Named<T>(String name, Predicate<T> predicate) implements Predicate<T> {

    @Override
    public boolean test(T object) {
      return predicate.test(object);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private ConditionPredicates() {}

  /** Names a predicate. */
  public static <T> Predicate<T> that(String name, Predicate<T> predicate) {
    return new Named<>(name, predicate);
  }

  /** Ready is True; Reconciling and Stalled are absent. */
  public static Predicate<HasMetadata> ready() {
    return that(
        "ready",
        object ->
            condition(object, "Ready").filter(ConditionPredicates::isTrue).isPresent()
                && condition(object, "Reconciling").isEmpty()
                && condition(object, "Stalled").isEmpty());
  }

  /** Stalled is True and Ready is False, both for this reason: a user must act. */
  public static Predicate<HasMetadata> stalled(String reason) {
    return that("stalled by " + reason, object -> is(object, "Stalled", reason));
  }

  /** Reconciling is True and Ready is False, both for this reason: in progress or waiting. */
  public static Predicate<HasMetadata> reconciling(String reason) {
    return that("reconciling because of " + reason, object -> is(object, "Reconciling", reason));
  }

  /** Ready has this reason; Reconciling and Stalled are absent. */
  public static Predicate<HasMetadata> resting(String reason) {
    return that(
        "resting because of " + reason,
        object ->
            condition(object, "Ready").filter(c -> c.getReason().equals(reason)).isPresent()
                && condition(object, "Reconciling").isEmpty()
                && condition(object, "Stalled").isEmpty());
  }

  /** The message of the Ready condition; empty if there is none. */
  public static String message(HasMetadata object) {
    return condition(object, "Ready").map(Condition::getMessage).orElse("");
  }

  /** The condition of this type. */
  public static Optional<Condition> condition(HasMetadata object, String type) {
    return conditions(object).stream().filter(c -> c.getType().equals(type)).findFirst();
  }

  /** All conditions of the object; empty before the first status. */
  public static List<Condition> conditions(HasMetadata object) {
    if (object instanceof Image image) {
      return image.getStatus() == null ? List.of() : image.getStatus().conditions();
    }
    if (object instanceof ImageImport imageImport) {
      return imageImport.getStatus() == null ? List.of() : imageImport.getStatus().conditions();
    }
    if (object instanceof ImageStore store) {
      return store.getStatus() == null ? List.of() : store.getStatus().conditions();
    }
    if (object instanceof ImageMember member) {
      return member.getStatus() == null ? List.of() : member.getStatus().conditions();
    }
    throw new IllegalArgumentException(object.getKind() + " has no conditions");
  }

  private static boolean is(HasMetadata object, String type, String reason) {
    Optional<Condition> condition = condition(object, type);
    Optional<Condition> ready = condition(object, "Ready");
    return condition
            .filter(ConditionPredicates::isTrue)
            .filter(c -> c.getReason().equals(reason))
            .isPresent()
        && ready.filter(c -> !isTrue(c)).filter(c -> c.getReason().equals(reason)).isPresent();
  }

  private static boolean isTrue(Condition condition) {
    return condition.getStatus().equals("True");
  }
}
