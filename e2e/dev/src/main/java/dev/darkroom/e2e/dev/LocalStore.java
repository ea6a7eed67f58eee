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

/** The store that the program brings along, unless the user's manifests have one of its name. */
final class LocalStore {

  /** The name of the ImageStore, as in {@code samples/store-filesystem.yaml}. */
  static final String NAME = "local";

  private LocalStore() {}

  /**
   * What an earlier run had left.
   *
   * @param images how many copies of images
   * @param bytes of all of them
   */
  record Removed(int images, long bytes) {}

  /**
   * Removes the images of the last run, which no API server knows any more, and what unfinished
   * writes left. Anything else in the directory stays.
   *
   * @throws InputException when the directory can't be used
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
      throw new InputException("The store can't be used: " + e.getMessage(), e);
    }
  }

  /** Makes the ImageStore; the default one unless the manifests bring a default of their own. */
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
            .description("The directory that darkroom-dev made")
            .isDefault(!others)
            .filesystem(new FilesystemStoreSpec(directory.toString()))
            .build());
    return Optional.of(store);
  }
}
