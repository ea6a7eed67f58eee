package dev.darkroom.controller.store;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageStoreSpec;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.controller.support.ImageFacts;
import dev.darkroom.controller.support.NamespaceLabels;
import dev.darkroom.controller.support.Sizes;
import dev.darkroom.store.BlobStore;
import dev.darkroom.transfer.model.CapacityTracker;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Reason;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Selects the stores of an image, and decides whether it may be written to one. */
public final class StoreAccess {

  private final StoreRegistry stores;
  private final NamespaceLabels namespaces;

  /** Reads the stores of the registry. */
  public StoreAccess(StoreRegistry stores, NamespaceLabels namespaces) {
    this.stores = stores;
    this.namespaces = namespaces;
  }

  /** Registers a listener that runs when a store changes. */
  public void whenStoresChange(Runnable listener) {
    stores.whenChanged(listener);
  }

  /** Whether an image may be written to a store. */
  public sealed interface Writing {

    /** Yes: the open store, and its capacity. */
    record Open(BlobStore store, CapacityTracker room) implements Writing {}

    /** The store is being opened; an event follows when it is open. */
    record Opening() implements Writing {}

    /** No, with the reason. */
    record Refused(Failure failure) implements Writing {}
  }

  /**
   * The names of the stores that should hold the image: {@code spec.stores}; or with {@code
   * spec.allStores} every store that its namespace may use; or the stores with a copy; or the
   * default store. Empty when there is no default store.
   */
  public List<String> asked(Image image) {
    return asked(image.getSpec().stores(), image.getSpec().allStores(), image);
  }

  /** The same for an import with stores of its own. */
  public List<String> asked(List<String> named, boolean all, Image image) {
    if (!named.isEmpty()) {
      return named;
    }
    if (all) {
      return everyStoreOf(image);
    }
    List<String> present = ImageFacts.hasBytes(image) ? names(image) : List.of();
    return present.isEmpty()
        ? stores.defaultStore().map(StoreRegistry.Entry::name).stream().toList()
        : present;
  }

  /**
   * Decides whether an image of a namespace may be written to a store.
   *
   * @param bytes the size of the image; empty when it is not known
   */
  public Writing toWrite(String name, String namespace, OptionalLong bytes) {
    Optional<StoreRegistry.Entry> found = stores.find(name);
    if (found.isEmpty()) {
      return refused(Reason.STORE_MISSING, "There is no ImageStore " + name + ".");
    }
    StoreRegistry.Entry entry = found.get();
    ImageStoreSpec spec = entry.definition().getSpec();
    if (entry.isGoing()) {
      return refused(
          Reason.STORE_MISSING,
          "ImageStore " + name + " is being deleted; it takes no more images.");
    }
    if (!mayUse(spec, namespace)) {
      return refused(
          Reason.STORE_NOT_ALLOWED,
          "ImageStore " + name + " allows no images of namespace " + namespace + ".");
    }
    if (spec.readOnly()) {
      return refused(
          Reason.STORE_READ_ONLY, "ImageStore " + name + " is read-only; it takes no more images.");
    }
    StoreCapacity taken = stores.room(name);
    OptionalLong room = taken.left();
    if (room.isPresent() && room.getAsLong() < bytes.orElse(1)) {
      return refused(
          Reason.STORE_FULL,
          "ImageStore "
              + name
              + " is full: its images use "
              + Sizes.of(taken.taken())
              + " of its capacity of "
              + spec.capacity()
              + (bytes.isPresent()
                  ? "; " + Sizes.of(bytes.getAsLong()) + " more do not fit."
                  : "."));
    }
    if (entry.trouble().isPresent()) {
      return new Writing.Refused(entry.trouble().get());
    }
    return entry
        .store()
        .<Writing>map(store -> new Writing.Open(store, taken))
        .orElseGet(Writing.Opening::new);
  }

  private List<String> everyStoreOf(Image image) {
    List<String> present = names(image);
    return stores.all().stream()
        .filter(entry -> !entry.isGoing())
        .filter(
            entry ->
                mayUse(entry.definition().getSpec(), image.getMetadata().getNamespace())
                    && (!entry.definition().getSpec().readOnly() || present.contains(entry.name())))
        .map(StoreRegistry.Entry::name)
        .toList();
  }

  private boolean mayUse(ImageStoreSpec spec, String namespace) {
    return spec.namespaces() == null || spec.namespaces().selects(namespaces.of(namespace));
  }

  private static List<String> names(Image image) {
    return image.getStatus() == null
        ? List.of()
        : image.getStatus().stores().stream().map(StoreCopy::name).toList();
  }

  private static Writing refused(Reason reason, String message) {
    return new Writing.Refused(Failure.of(reason, message));
  }
}
