package dev.darkroom.e2e.dev;

import dev.darkroom.api.FilesystemStoreSpec;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ImageStoreSpecBuilder;
import dev.darkroom.store.Blob;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.filesystem.FilesystemStore;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The store of the program, unless a manifest has a store of its name. */
final class LocalStore {

  /** The name of the ImageStore, as in {@code samples/store-filesystem.yaml}. */
  static final String NAME = "local";

  private LocalStore() {}

  /**
   * The copies removed from an earlier run's store.
   *
   * @param images the number of copies
   * @param bytes their total size
   */
  record Removed(int images, long bytes) {}

  /**
   * Removes images and partial files of the last run, which are unknown to the new API server.
   * Other files are kept.
   *
   * @throws InputException if the directory cannot be used
   */
  static Removed empty(Path directory) {
    try (FilesystemStore store = FilesystemStore.open(directory)) {
      store.sweep();
      List<Blob> blobs;
      try (Stream<Blob> listed = store.list("")) {
        blobs = listed.toList();
      }
      for (Blob blob : blobs) {
        store.delete(blob.key());
      }
      return new Removed(blobs.size(), blobs.stream().mapToLong(Blob::size).sum());
    } catch (StoreException e) {
      throw new InputException("Cannot use the store: " + e.getMessage(), e);
    }
  }

  /** The ImageStore of the program; the default store unless a manifest has a default store. */
  static Optional<ImageStore> beside(List<SourceObject> manifests, Path directory) {
    List<SourceObject> stores =
        manifests.stream().filter(m -> "ImageStore".equals(m.object().getKind())).toList();
    if (stores.stream().anyMatch(m -> NAME.equals(m.object().getMetadata().getName()))) {
      return Optional.empty();
    }
    boolean others =
        stores.stream().anyMatch(m -> Boolean.TRUE.equals(m.object().get("spec", "default")));
    ImageStore store = new ImageStore();
    store.setMetadata(new ObjectMetaBuilder().withName(NAME).build());
    store.setSpec(
        ImageStoreSpecBuilder.builder()
            .description("The directory created by darkroom-dev")
            .isDefault(!others)
            .filesystem(new FilesystemStoreSpec(directory.toString()))
            .build());
    return Optional.of(store);
  }
}
