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

/** What the objects of a namespace have said of themselves, one after the other. */
final class History implements AutoCloseable {

  private final Map<String, List<String>> states = new LinkedHashMap<>();
  private final Map<String, List<String>> reasons = new LinkedHashMap<>();
  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();

  /** Listens from now on. */
  static History of(KubernetesClient client, String namespace) {
    History history = new History();
    List.of(Image.class, ImageImport.class)
        .forEach(kind -> history.informers.add(history.listen(client, kind, namespace)));
    return history;
  }

  private <T extends HasMetadata> SharedIndexInformer<T> listen(
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
    States.conditions(object).stream()
        .filter(condition -> condition.getType().equals("Ready"))
        .map(Condition::getReason)
        // Whether a source is silent for long is its own affair.
        .filter(reason -> !reason.equals("Stalled"))
        .forEach(reason -> note(reasons, object, reason));
  }

  private static void note(Map<String, List<String>> story, HasMetadata object, String now) {
    List<String> before =
        story.computeIfAbsent(
            object.getKind() + " " + object.getMetadata().getName(), name -> new ArrayList<>());
    if (before.isEmpty() || !before.get(before.size() - 1).equals(now)) {
      before.add(now);
    }
  }

  private static String state(HasMetadata object) {
    return States.conditions(object).stream()
        .map(History::text)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static String text(Condition condition) {
    return condition.getType() + "=" + condition.getStatus();
  }

  /**
   * The conditions of each object whenever they became others: their status, and not the reason.
   * Who came back to what it had left has flapped.
   */
  synchronized Map<String, List<String>> states() {
    return copy(states);
  }

  /** The same of the reason of Ready, which tells of each stage that is gone through. */
  synchronized Map<String, List<String>> reasons() {
    return copy(reasons);
  }

  private static Map<String, List<String>> copy(Map<String, List<String>> story) {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    story.forEach((name, all) -> copy.put(name, List.copyOf(all)));
    return copy;
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::close);
  }
}
