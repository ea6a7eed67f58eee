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

/** Deletes copies of images on threads of its own; one deletion at a time for each copy. */
public final class CopyDeletion {

  /** The state of a deletion. */
  public sealed interface State {

    /** The copy is deleted. */
    record Gone() implements State {}

    /** The ImageStore does not exist any more: nothing can be deleted. */
    record NoStore() implements State {}

    /**
     * The deletion runs, or the next call tries again.
     *
     * @param sentence the message for users
     */
    record Waiting(String sentence) implements State {}
  }

  private static final Logger LOG = LoggerFactory.getLogger(CopyDeletion.class);

  private final StoreTasks<Optional<Failure>> tasks = new StoreTasks<>("copy-deletion");

  /** The last failure by task id, until a deletion succeeds. */
  private final Map<String, Failure> failures = new ConcurrentHashMap<>();

  private final KubernetesClient client;
  private final StoreRegistry stores;
  private final Consumer<ResourceID> onEnd;

  /**
   * Deletes nothing yet.
   *
   * @param onEnd receives the image when a deletion ends
   */
  public CopyDeletion(KubernetesClient client, StoreRegistry stores, Consumer<ResourceID> onEnd) {
    this.client = client;
    this.stores = stores;
    this.onEnd = onEnd;
  }

  /** Deletes the image's copy in a store; call it until the state is not Waiting. */
  public State goOn(Image image, String name) {
    Optional<StoreRegistry.Entry> entry = stores.find(name);
    if (entry.isEmpty()) {
      // At the start, the image may be reconciled before its store.
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

  /** Forgets the failures of the image's deletions. */
  public void forget(Image image) {
    failures.keySet().removeIf(id -> id.startsWith(image.getMetadata().getUid()));
  }

  private State goOn(Image image, String name, BlobStore store) {
    String id = image.getMetadata().getUid() + "/" + name;
    Optional<Optional<Failure>> result = tasks.take(id);
    if (result.isPresent()) {
      result.get().ifPresentOrElse(failure -> failures.put(id, failure), () -> failures.remove(id));
      return result
          .get()
          .<State>map(failure -> new State.Waiting(failure.message()))
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
            onEnd.accept(resource);
          });
    }
    return new State.Waiting(
        Optional.ofNullable(failures.get(id))
            .map(Failure::message)
            .orElse("Store " + name + " is removing its copy."));
  }

  private static Optional<Failure> delete(String name, BlobStore store, BlobKey key) {
    try {
      if (store.delete(key)) {
        LOG.info("Deleted {} from store {}", key, name);
      }
      return Optional.empty();
    } catch (StoreException | RuntimeException e) {
      return Optional.of(Failures.ofStore(name, e));
    }
  }
}
