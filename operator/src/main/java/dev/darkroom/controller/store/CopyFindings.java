package dev.darkroom.controller.store;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Findings about copies, until the image reconciler has written them to the status. Kept in memory
 * only: the next read finds a lost finding again. Thread-safe.
 */
public final class CopyFindings {

  private final Map<String, Map<String, CopyFinding>> byImage = new ConcurrentHashMap<>();
  private volatile Consumer<ResourceID> receiver = image -> {};

  /** Registers the receiver of images with a new finding. */
  public void deliverTo(Consumer<ResourceID> images) {
    this.receiver = images;
  }

  /**
   * Adds a finding about a copy.
   *
   * @param uid of the image
   * @param image namespace and name of the image
   */
  public void tell(String uid, ResourceID image, String store, CopyFinding finding) {
    byImage.compute(
        uid,
        (id, before) -> {
          Map<String, CopyFinding> now = new TreeMap<>(before == null ? Map.of() : before);
          now.put(store, finding);
          return now;
        });
    receiver.accept(image);
  }

  /** Triggers a reconcile of the image without a finding: its last action may be repeated. */
  public void nothingFound(ResourceID image) {
    receiver.accept(image);
  }

  /** The findings of an image, by the name of the store. */
  public Map<String, CopyFinding> of(String uid) {
    return byImage.getOrDefault(uid, Map.of());
  }

  /** Removes findings that are in the status now. */
  public void takenUp(String uid, Map<String, CopyFinding> findings) {
    byImage.computeIfPresent(
        uid,
        (id, now) -> {
          Map<String, CopyFinding> left = new TreeMap<>(now);
          left.entrySet().removeIf(entry -> entry.getValue().equals(findings.get(entry.getKey())));
          return left.isEmpty() ? null : left;
        });
  }
}
