package dev.darkroom.controller;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ReclaimPolicy;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.Failure;
import dev.darkroom.transfer.Failures;
import dev.darkroom.transfer.Reason;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the copies of an Image that goes. It always ends: a store that is gone has nothing to
 * remove, and one that does not answer is waited for only so long.
 */
final class CopyRemoval {

  private static final Logger LOG = LoggerFactory.getLogger(CopyRemoval.class);

  private final StoreTasks<Optional<Failure>> tasks = new StoreTasks<>("copy-removal");
  private final Map<String, Set<String>> doneByImage = new ConcurrentHashMap<>();

  /** What went wrong last, by the id of the task; it is told until it has passed. */
  private final Map<String, Failure> troubles = new ConcurrentHashMap<>();

  private final Workplace workplace;
  private final Consumer<ResourceID> wake;

  /**
   * Nothing is being removed yet.
   *
   * @param wake hears the image of a removal that ended
   */
  CopyRemoval(Workplace workplace, Consumer<ResourceID> wake) {
    this.workplace = workplace;
    this.wake = wake;
  }

  /** Goes on removing; says what it waits for, or nothing when the image may go. */
  Optional<String> waitsFor(Image image) {
    String uid = image.getMetadata().getUid();
    Optional<String> waitsFor = removeAll(image);
    if (waitsFor.isEmpty()) {
      doneByImage.remove(uid);
      troubles.keySet().removeIf(id -> id.startsWith(uid));
    }
    return waitsFor;
  }

  private Optional<String> removeAll(Image image) {
    if (image.getSpec().reclaimPolicy() == ReclaimPolicy.RETAIN) {
      if (ImageView.hasBytes(image)) {
        tell(image, EventRecorder.Severity.NORMAL, "Retained", "The copies stay where they are.");
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
    if (Deletions.overdue(image, workplace)) {
      tell(
          image,
          EventRecorder.Severity.WARNING,
          Reason.STORE_UNAVAILABLE.apiName(),
          "A copy was left behind: " + String.join(" ", waiting));
      return Optional.empty();
    }
    return Optional.of(
        String.join(" ", waiting)
            + " The image goes without at "
            + Deletions.deadline(image, workplace)
            + ".");
  }

  private Optional<String> remove(Image image, String name) {
    Optional<OpenStores.Entry> entry = workplace.stores().find(name);
    if (entry.isEmpty()) {
      // Reconciled at start like the images: it may not have been its turn yet.
      if (workplace.client().resources(ImageStore.class).withName(name).get() != null) {
        return Optional.of("Store " + name + " has not been opened yet.");
      }
      tell(
          image,
          EventRecorder.Severity.WARNING,
          Reason.STORE_MISSING.apiName(),
          "There is no ImageStore " + name + " any more; what it held is left there.");
      return Optional.empty();
    }
    Optional<BlobStore> store = entry.get().store();
    if (store.isEmpty()) {
      return Optional.of(
          entry
              .get()
              .trouble()
              .map(Failure::message)
              .orElse("Store " + name + " has not been opened yet."));
    }
    return remove(image, name, store.get());
  }

  private Optional<String> remove(Image image, String name, BlobStore store) {
    String id = image.getMetadata().getUid() + "/" + name;
    Optional<Optional<Failure>> result = tasks.take(id);
    if (result.isPresent()) {
      result.get().ifPresentOrElse(trouble -> troubles.put(id, trouble), () -> troubles.remove(id));
      return result.get().map(Failure::message);
    }
    BlobKey key = ImportPlan.key(image);
    ResourceID resource = ResourceID.fromResource(image);
    tasks.start(id, () -> delete(name, store, key), () -> wake.accept(resource));
    return Optional.ofNullable(troubles.get(id))
        .map(Failure::message)
        .or(() -> Optional.of("Store " + name + " is removing its copy."));
  }

  private static Optional<Failure> delete(String name, BlobStore store, BlobKey key) {
    try {
      if (store.delete(key)) {
        LOG.info("Removed {} from store {}", key, name);
      }
      return Optional.empty();
    } catch (StoreException | RuntimeException e) {
      return Optional.of(Failures.ofStore(name, e));
    }
  }

  /** Where copies are said to be, and where an import could have left one unsaid. */
  private Set<String> storesOf(Image image) {
    Set<String> stores =
        new LinkedHashSet<>(ImportPlan.storeNames(image.getSpec().stores(), workplace.stores()));
    if (image.getStatus() != null) {
      image.getStatus().stores().stream().map(StoreCopy::name).forEach(stores::add);
    }
    return stores;
  }

  private void tell(Image image, EventRecorder.Severity severity, String reason, String message) {
    workplace.events().record(image, severity, reason, message);
  }
}
