package dev.darkroom.e2e.dev;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportStatus;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ImageStoreStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All images, imports and stores on the API server, kept current by watches. */
final class LiveObjects implements AutoCloseable {

  private static final Comparator<HasMetadata> OLDEST_FIRST =
      Comparator.comparing((HasMetadata object) -> object.getMetadata().getCreationTimestamp())
          .thenComparing(object -> object.getMetadata().getNamespace())
          .thenComparing(object -> object.getMetadata().getName());

  private final SharedIndexInformer<Image> images;
  private final SharedIndexInformer<ImageImport> imports;
  private final SharedIndexInformer<ImageStore> stores;

  /** Starts the watches; existing objects are known when the constructor returns. */
  LiveObjects(KubernetesClient client) {
    images = client.resources(Image.class).inAnyNamespace().inform();
    imports = client.resources(ImageImport.class).inAnyNamespace().inform();
    stores = client.resources(ImageStore.class).inform();
  }

  /** The images, oldest first. */
  List<Image> images() {
    return images.getStore().list().stream().sorted(OLDEST_FIRST).toList();
  }

  /** The store of this name. */
  Optional<ImageStore> store(String name) {
    return stores.getStore().list().stream()
        .filter(store -> store.getMetadata().getName().equals(name))
        .findFirst();
  }

  /** The newest import of the image. */
  Optional<ImageImport> importOf(Image image) {
    return imports.getStore().list().stream()
        .filter(i -> i.getMetadata().getNamespace().equals(image.getMetadata().getNamespace()))
        .filter(i -> i.getSpec().imageRef().name().equals(image.getMetadata().getName()))
        .max(OLDEST_FIRST);
  }

  /** The standing of an applied object; empty for other kinds. */
  Optional<Standing> standing(Applied applied) {
    if (!applied.apiVersion().startsWith("darkroom.dev/")) {
      return Optional.empty();
    }
    Optional<SharedIndexInformer<? extends HasMetadata>> kind =
        switch (applied.kind()) {
          case "Image" -> Optional.of(images);
          case "ImageImport" -> Optional.of(imports);
          case "ImageStore" -> Optional.of(stores);
          default -> Optional.empty();
        };
    return kind.map(
        informer ->
            informer.getStore().list().stream()
                .filter(object -> isSame(object, applied))
                .findFirst()
                .map(LiveObjects::standing)
                .orElse(new Standing.Pending("gone")));
  }

  private static boolean isSame(HasMetadata object, Applied applied) {
    String namespace = Optional.ofNullable(object.getMetadata().getNamespace()).orElse("");
    return object.getMetadata().getName().equals(applied.name())
        && namespace.equals(applied.namespace());
  }

  /** The standing of an image, import or store. */
  static Standing standing(HasMetadata object) {
    long generation = object.getMetadata().getGeneration();
    if (object instanceof Image image) {
      ImageStatus status = Optional.ofNullable(image.getStatus()).orElse(ImageStatus.empty());
      return Standing.of(generation, status.observedGeneration(), status.conditions());
    }
    if (object instanceof ImageImport imported) {
      ImageImportStatus status =
          Optional.ofNullable(imported.getStatus()).orElse(ImageImportStatus.empty());
      return Standing.of(generation, status.observedGeneration(), status.conditions());
    }
    ImageStoreStatus status =
        Optional.ofNullable(((ImageStore) object).getStatus()).orElse(ImageStoreStatus.empty());
    return Standing.of(generation, status.observedGeneration(), status.conditions());
  }

  /** The conditions of an image. */
  static List<Condition> conditions(Image image) {
    return Optional.ofNullable(image.getStatus()).map(ImageStatus::conditions).orElse(List.of());
  }

  @Override
  public void close() {
    Stream.of(images, imports, stores).forEach(SharedIndexInformer::close);
  }
}
