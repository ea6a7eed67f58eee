package dev.darkroom.controller.image;

import dev.darkroom.api.Image;
import dev.darkroom.api.ReclaimPolicy;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.controller.store.CopyDeletion;
import dev.darkroom.controller.store.StoreAccess;
import dev.darkroom.controller.support.DeletionTimeout;
import dev.darkroom.controller.support.EventRecorder;
import dev.darkroom.controller.support.ImageFacts;
import dev.darkroom.transfer.model.Reason;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Removes the copies of an Image that is deleted. Ends at the deletion timeout at the latest: a
 * copy in a store that is gone or does not answer is left behind.
 */
public final class CopyRemoval {

  private final Map<String, Set<String>> doneByImage = new ConcurrentHashMap<>();
  private final StoreAccess access;
  private final CopyDeletion deletion;
  private final DeletionTimeout deletions;
  private final EventRecorder events;

  /** Removes copies with a deletion that is shared with replication. */
  public CopyRemoval(
      StoreAccess access, CopyDeletion deletion, DeletionTimeout deletions, EventRecorder events) {
    this.access = access;
    this.deletion = deletion;
    this.deletions = deletions;
    this.events = events;
  }

  /**
   * Continues the removal.
   *
   * @return the sentence that names what the removal waits for; empty when it has ended
   */
  Optional<String> waitsFor(Image image) {
    String uid = image.getMetadata().getUid();
    Optional<String> waitsFor = removeAll(image);
    if (waitsFor.isEmpty()) {
      doneByImage.remove(uid);
      deletion.forget(image);
    }
    return waitsFor;
  }

  private Optional<String> removeAll(Image image) {
    if (image.getSpec().reclaimPolicy() == ReclaimPolicy.RETAIN) {
      if (ImageFacts.hasBytes(image)) {
        record(image, EventRecorder.Severity.NORMAL, "Retained", "The copies stay where they are.");
      }
      return Optional.empty();
    }
    Set<String> done =
        doneByImage.computeIfAbsent(
            image.getMetadata().getUid(), uid -> ConcurrentHashMap.newKeySet());
    List<String> waiting = new ArrayList<>();
    for (String store : storesOf(image)) {
      if (!done.contains(store)) {
        Optional<String> waitsFor = remove(image, store);
        if (waitsFor.isEmpty()) {
          done.add(store);
        }
        waitsFor.ifPresent(waiting::add);
      }
    }
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    if (deletions.overdue(image)) {
      record(
          image,
          EventRecorder.Severity.WARNING,
          Reason.STORE_UNAVAILABLE.apiName(),
          "A copy was left behind: " + String.join(" ", waiting));
      return Optional.empty();
    }
    return Optional.of(
        String.join(" ", waiting)
            + " The image goes without at "
            + deletions.deadline(image)
            + ".");
  }

  private Optional<String> remove(Image image, String name) {
    CopyDeletion.State state = deletion.goOn(image, name);
    if (state instanceof CopyDeletion.State.Waiting waiting) {
      return Optional.of(waiting.sentence());
    }
    if (state instanceof CopyDeletion.State.NoStore) {
      record(
          image,
          EventRecorder.Severity.WARNING,
          Reason.STORE_MISSING.apiName(),
          "There is no ImageStore " + name + " any more; what it held is left there.");
    }
    return Optional.empty();
  }

  /** The stores of the status, and those to which an import may have written without a status. */
  private Set<String> storesOf(Image image) {
    Set<String> stores = new LinkedHashSet<>(access.asked(image));
    if (image.getStatus() != null) {
      image.getStatus().stores().stream().map(StoreCopy::name).forEach(stores::add);
    }
    return stores;
  }

  private void record(Image image, EventRecorder.Severity severity, String reason, String message) {
    events.record(image, severity, reason, message);
  }
}
