package dev.darkroom.controller.store;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageStore;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Failures;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes copies of images, one at a time each, on threads of its own. */
public final class CopyDeletion {

  /** How far a deletion is. */
  public sealed interface State {

    /** There is no copy in the store any more. */
    record Gone() implements State {}

    /** There is no such store any more, so that nothing can be deleted. */
    record NoStore() implements State {}

    /** It goes on, or is tried again when the same is asked for the next time. */
    record Waiting(String sentence) implements State {}
  }

  private static final Logger LOG = LoggerFactory.getLogger(CopyDeletion.class);

  private final StoreTasks<Optional<Failure>> tasks = new StoreTasks<>("copy-deletion");

  /** What went wrong last, by the id of the task; it is told until it has passed. */
  private final Map<String, Failure> troubles = new ConcurrentHashMap<>();

  private final KubernetesClient client;
  private final StoreRegistry stores;
  private final Consumer<ResourceID> wake;

  /**
   * Nothing is being deleted yet.
   *
   * @param wake hears the image of a deletion that ended
   */
  public CopyDeletion(KubernetesClient client, StoreRegistry stores, Consumer<ResourceID> wake) {
    this.client = client;
    this.stores = stores;
    this.wake = wake;
  }

  /** Goes on deleting the image's copy in a store; to be asked until it is gone. */
  public State goOn(Image image, String name) {
    Optional<StoreRegistry.Entry> entry = stores.find(name);
    if (entry.isEmpty()) {
      // Reconciled at start like the images: it may not have been its turn yet.
      return client.resources(ImageStore.class).withName(name).get() != null
          ? new State.Waiting("Store " + name + " has not been opened yet.")
          : new State.NoStore();
    }
    Optional<BlobStore> store = entry.get().store();
    if (store.isEmpty()) {
      return new State.Waiting(
          entry
              .get()
              .trouble()
              .map(Failure::message)
              .orElse("Store " + name + " has not been opened yet."));
    }
    return goOn(image, name, store.get());
  }

  /** Forgets what was told of the image's deletions. */
  public void forget(Image image) {
    troubles.keySet().removeIf(id -> id.startsWith(image.getMetadata().getUid()));
  }

  private State goOn(Image image, String name, BlobStore store) {
    String id = image.getMetadata().getUid() + "/" + name;
    Optional<Optional<Failure>> result = tasks.take(id);
    if (result.isPresent()) {
      result.get().ifPresentOrElse(trouble -> troubles.put(id, trouble), () -> troubles.remove(id));
      return result
          .get()
          .<State>map(trouble -> new State.Waiting(trouble.message()))
          .orElseGet(State.Gone::new);
    }
    String holder = "deletion/" + id;
    if (tasks.knows(id) || stores.hold(holder, List.of(store))) {
      BlobKey key = CopyKey.of(image);
      ResourceID resource = ResourceID.fromResource(image);
      tasks.start(
          id,
          () -> delete(name, store, key),
          () -> {
            stores.release(holder);
            wake.accept(resource);
          });
    }
    return new State.Waiting(
        Optional.ofNullable(troubles.get(id))
            .map(Failure::message)
            .orElse("Store " + name + " is removing its copy."));
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
}
