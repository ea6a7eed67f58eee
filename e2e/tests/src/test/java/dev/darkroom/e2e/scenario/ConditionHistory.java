package dev.darkroom.e2e.scenario;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Records the conditions of the Images and ImageImports of a namespace, in order of time.
 * Thread-safe.
 */
public final class ConditionHistory implements AutoCloseable {

  private final Map<String, List<String>> states = new LinkedHashMap<>();
  private final Map<String, List<String>> reasons = new LinkedHashMap<>();
  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();

  /** Starts recording. */
  public static ConditionHistory of(KubernetesClient client, String namespace) {
    ConditionHistory history = new ConditionHistory();
    List.of(Image.class, ImageImport.class)
        .forEach(kind -> history.informers.add(history.record(client, kind, namespace)));
    return history;
  }

  private <T extends HasMetadata> SharedIndexInformer<T> record(
      KubernetesClient client, Class<T> kind, String namespace) {
    return client
        .resources(kind)
        .inNamespace(namespace)
        .inform(
            new ResourceEventHandler<>() {
              @Override
              public void onAdd(T object) {
                note(object);
              }

              @Override
              public void onUpdate(T before, T object) {
                note(object);
              }

              @Override
              public void onDelete(T object, boolean finalStateUnknown) {
                note(object);
              }
            });
  }

  private synchronized void note(HasMetadata object) {
    note(states, object, state(object));
    ConditionPredicates.conditions(object).stream()
        .filter(condition -> condition.getType().equals("Ready"))
        .map(Condition::getReason)
        // The Stalled reason of a slow source depends on timing; not recorded.
        .filter(reason -> !reason.equals("Stalled"))
        .forEach(reason -> note(reasons, object, reason));
  }

  private static void note(Map<String, List<String>> history, HasMetadata object, String now) {
    List<String> before =
        history.computeIfAbsent(
            object.getKind() + " " + object.getMetadata().getName(), name -> new ArrayList<>());
    if (before.isEmpty() || !before.get(before.size() - 1).equals(now)) {
      before.add(now);
    }
  }

  private static String state(HasMetadata object) {
    return ConditionPredicates.conditions(object).stream()
        .map(ConditionHistory::text)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static String text(Condition condition) {
    return condition.getType() + "=" + condition.getStatus();
  }

  /**
   * The status of all conditions of each object, one entry per change; reasons are ignored. A
   * repeated entry shows a condition that flapped.
   */
  public synchronized Map<String, List<String>> states() {
    return copy(states);
  }

  /**
   * The reasons of the Ready condition of each object, one entry per change; one entry for each
   * stage.
   */
  public synchronized Map<String, List<String>> reasons() {
    return copy(reasons);
  }

  private static Map<String, List<String>> copy(Map<String, List<String>> history) {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    history.forEach((name, all) -> copy.put(name, List.copyOf(all)));
    return copy;
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::close);
  }
}
