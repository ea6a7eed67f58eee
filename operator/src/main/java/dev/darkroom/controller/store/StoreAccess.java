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

/** Which stores an image shall be in, and why it may not go to one. */
public final class StoreAccess {

  private final StoreRegistry stores;
  private final NamespaceLabels namespaces;

  public StoreAccess(StoreRegistry stores, NamespaceLabels namespaces) {
    this.stores = stores;
    this.namespaces = namespaces;
  }

  /** Registers a listener that runs when a store changes. */
  public void whenStoresChange(Runnable listener) {
    stores.whenChanged(listener);
  }

  /** A store as one image may write to it: there are three answers. */
  public sealed interface Writing {

    /** Here it is, with what may be written there. */
    record Open(BlobStore store, CapacityTracker room) implements Writing {}

    /** It is being opened; there is word when it is. */
    record Later() implements Writing {}

    /** Not now, and why. */
    record Not(Failure failure) implements Writing {}
  }

  /**
   * The names of the stores that shall hold the image: those that it names; or all that its
   * namespace may use; or where it is, once it is somewhere; or the default one. Empty when there
   * is no default.
   */
  public List<String> asked(Image image) {
    return asked(image.getSpec().stores(), image.getSpec().allStores(), image);
  }

  /** The same for an import, which may ask for others than its image. */
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
   * The store to write an image of that namespace to.
   *
   * @param bytes how many, where that is known
   */
  public Writing toWrite(String name, String namespace, OptionalLong bytes) {
    Optional<StoreRegistry.Entry> found = stores.find(name);
    if (found.isEmpty()) {
      return not(Reason.STORE_MISSING, "There is no ImageStore " + name + ".");
    }
    StoreRegistry.Entry entry = found.get();
    ImageStoreSpec spec = entry.definition().getSpec();
    if (entry.isGoing()) {
      return not(
          Reason.STORE_MISSING,
          "ImageStore " + name + " is being deleted; it takes no more images.");
    }
    if (!mayUse(spec, namespace)) {
      return not(
          Reason.STORE_NOT_ALLOWED,
          "ImageStore " + name + " takes no images of namespace " + namespace + ".");
    }
    if (spec.readOnly()) {
      return not(
          Reason.STORE_READ_ONLY, "ImageStore " + name + " is read-only; it takes no more images.");
    }
    StoreCapacity taken = stores.room(name);
    OptionalLong room = taken.left();
    if (room.isPresent() && room.getAsLong() < bytes.orElse(1)) {
      return not(
          Reason.STORE_FULL,
          "The images in ImageStore "
              + name
              + " have "
              + Sizes.of(taken.taken())
              + " of the "
              + spec.capacity()
              + " that they may have"
              + (bytes.isPresent()
                  ? "; " + Sizes.of(bytes.getAsLong()) + " more are too many."
                  : "."));
    }
    if (entry.trouble().isPresent()) {
      return new Writing.Not(entry.trouble().get());
    }
    return entry
        .store()
        .<Writing>map(store -> new Writing.Open(store, taken))
        .orElseGet(Writing.Later::new);
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

  private static Writing not(Reason reason, String message) {
    return new Writing.Not(Failure.of(reason, message));
  }
}
