package dev.darkroom.controller.store;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What readers of copies have found, until the reconciler of the image takes it up. It is kept in
 * memory only: what is lost is found again by the next who reads. Safe for use by many threads.
 */
public final class CopyFindings {

  private final Map<String, Map<String, CopyFinding>> byImage = new ConcurrentHashMap<>();
  private volatile Consumer<ResourceID> receiver = image -> {};

  /** Has somebody told which image has something new. */
  public void deliverTo(Consumer<ResourceID> images) {
    this.receiver = images;
  }

  /**
   * Tells of a copy.
   *
   * @param uid of the image
   * @param image where it is
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

  /** Has the image looked at, though nothing was found: what was tried may be tried again. */
  public void nothingFound(ResourceID image) {
    receiver.accept(image);
  }

  /** What there is of an image, by the name of the store. */
  public Map<String, CopyFinding> of(String uid) {
    return byImage.getOrDefault(uid, Map.of());
  }

  /** Forgets what was taken up. */
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
