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

/** What the conditions of an object say, as things to wait for. */
final class States {

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

  private States() {}

  static <T> Predicate<T> that(String name, Predicate<T> predicate) {
    return new Named<>(name, predicate);
  }

  /** It is what its spec asks for, and nothing is left to do. */
  static Predicate<HasMetadata> ready() {
    return that(
        "ready",
        object ->
            condition(object, "Ready").filter(States::isTrue).isPresent()
                && condition(object, "Reconciling").isEmpty()
                && condition(object, "Stalled").isEmpty());
  }

  /** It needs a person, for that reason. */
  static Predicate<HasMetadata> stalled(String reason) {
    return that("stalled by " + reason, object -> says(object, "Stalled", reason));
  }

  /** It goes on, or waits, for that reason. */
  static Predicate<HasMetadata> reconciling(String reason) {
    return that("reconciling because of " + reason, object -> says(object, "Reconciling", reason));
  }

  /** Neither ready nor at work nor in need of a person. */
  static Predicate<HasMetadata> resting(String reason) {
    return that(
        "resting because of " + reason,
        object ->
            condition(object, "Ready").filter(c -> c.getReason().equals(reason)).isPresent()
                && condition(object, "Reconciling").isEmpty()
                && condition(object, "Stalled").isEmpty());
  }

  /** The sentence of its Ready condition. */
  static String message(HasMetadata object) {
    return condition(object, "Ready").map(Condition::getMessage).orElse("");
  }

  static Optional<Condition> condition(HasMetadata object, String type) {
    return conditions(object).stream().filter(c -> c.getType().equals(type)).findFirst();
  }

  static List<Condition> conditions(HasMetadata object) {
    if (object instanceof Image image) {
      return image.getStatus() == null ? List.of() : image.getStatus().conditions();
    }
    if (object instanceof ImageImport job) {
      return job.getStatus() == null ? List.of() : job.getStatus().conditions();
    }
    if (object instanceof ImageStore store) {
      return store.getStatus() == null ? List.of() : store.getStatus().conditions();
    }
    if (object instanceof ImageMember member) {
      return member.getStatus() == null ? List.of() : member.getStatus().conditions();
    }
    throw new IllegalArgumentException(object.getKind() + " has no conditions");
  }

  private static boolean says(HasMetadata object, String type, String reason) {
    Optional<Condition> condition = condition(object, type);
    Optional<Condition> ready = condition(object, "Ready");
    return condition.filter(States::isTrue).filter(c -> c.getReason().equals(reason)).isPresent()
        && ready.filter(c -> !isTrue(c)).filter(c -> c.getReason().equals(reason)).isPresent();
  }

  private static boolean isTrue(Condition condition) {
    return condition.getStatus().equals("True");
  }
}
