package dev.darkroom.controller;

import dev.darkroom.api.CopyState;
import dev.darkroom.api.FilesystemStoreSpec;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportSpecBuilder;
import dev.darkroom.api.ImageImportStatus;
import dev.darkroom.api.ImageImportStatusBuilder;
import dev.darkroom.api.ImageSource;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStatusBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ImageStoreSpecBuilder;
import dev.darkroom.api.ObjectReference;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.api.WebSourceSpec;
import dev.darkroom.controller.store.StoreRegistry;
import dev.darkroom.controller.support.Conditions;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.filesystem.FilesystemStore;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Objects as an API server returns them. A test changes the fields that matter to it. */
public final class Fixtures {

  public static final String NAMESPACE = "lab";
  public static final String URL = "https://images.example/ubuntu.qcow2";
  public static final String SHA256 = "sha256:" + "ab".repeat(32);
  public static final Instant CREATED = Instant.parse("2026-11-01T08:00:00Z");

  private Fixtures() {}

  /** An Image with a web source. */
  public static Image image(String name) {
    return image(name, spec -> spec.source(web(URL)));
  }

  /** An Image whose spec says only what the test says. */
  public static Image image(String name, UnaryOperator<ImageSpecBuilder> spec) {
    Image image = new Image();
    image.setMetadata(meta(name).withNamespace(NAMESPACE).build());
    image.setSpec(spec.apply(ImageSpecBuilder.builder()).build());
    return image;
  }

  /** The Image, now with bytes in the stores. */
  public static Image withBytes(Image image, String... stores) {
    return withStatus(
        image,
        status ->
            status
                .digest(SHA256)
                .size(3L << 20)
                .diskFormat("qcow2")
                .stores(copies(CopyState.AVAILABLE, stores)));
  }

  public static Image withStatus(Image image, UnaryOperator<ImageStatusBuilder> status) {
    image.setStatus(
        status
            .apply(
                image.getStatus() == null
                    ? ImageStatusBuilder.builder()
                    : ImageStatusBuilder.builder(image.getStatus()))
            .build());
    return image;
  }

  /** An ImageImport of the Image of that name. */
  public static ImageImport job(String name, String image) {
    return job(name, image, spec -> spec);
  }

  public static ImageImport job(
      String name, String image, UnaryOperator<ImageImportSpecBuilder> spec) {
    ImageImport job = new ImageImport();
    job.setMetadata(meta(name).withNamespace(NAMESPACE).build());
    job.setSpec(
        spec.apply(
                ImageImportSpecBuilder.builder()
                    .imageRef(new ObjectReference(image))
                    .web(WebSourceSpec.of(URL)))
            .build());
    return job;
  }

  /** The ImageImport, now the Image's own. */
  public static ImageImport ownedBy(Image image, ImageImport job) {
    job.getMetadata()
        .setOwnerReferences(
            List.of(
                new OwnerReferenceBuilder()
                    .withKind("Image")
                    .withName(image.getMetadata().getName())
                    .withUid(image.getMetadata().getUid())
                    .build()));
    return job;
  }

  /** The ImageImport, now with that status. */
  public static ImageImport withStatus(ImageImport job, ImageImportStatus status) {
    job.setStatus(status);
    return job;
  }

  public static ImageImport withStatus(
      ImageImport job, UnaryOperator<ImageImportStatusBuilder> status) {
    return withStatus(job, status.apply(ImageImportStatusBuilder.builder()).build());
  }

  /** A filesystem ImageStore. */
  public static ImageStore store(String name, Path directory) {
    ImageStore store = new ImageStore();
    store.setMetadata(meta(name).build());
    store.setSpec(
        ImageStoreSpecBuilder.builder()
            .filesystem(new FilesystemStoreSpec(directory.toString()))
            .build());
    return store;
  }

  /** The ImageStore, now marked default. */
  public static ImageStore markedDefault(ImageStore store) {
    return with(store, spec -> spec.isDefault(true));
  }

  /** The ImageStore, now with another spec. */
  public static ImageStore with(ImageStore store, UnaryOperator<ImageStoreSpecBuilder> spec) {
    store.setSpec(spec.apply(ImageStoreSpecBuilder.builder(store.getSpec())).build());
    return store;
  }

  /** An ImageStore of that name, open in the directory and without trouble. */
  public static StoreRegistry.Entry open(String name, Path directory) throws StoreException {
    return open(store(name, directory));
  }

  public static StoreRegistry.Entry open(ImageStore definition) throws StoreException {
    return new StoreRegistry.Entry(
        definition,
        Optional.of(FilesystemStore.open(Path.of(definition.getSpec().filesystem().path()))),
        Optional.empty());
  }

  public static <R extends HasMetadata> R createdAt(Instant time, R object) {
    object.getMetadata().setCreationTimestamp(time.toString());
    return object;
  }

  public static <R extends HasMetadata> R deletedAt(Instant time, R object) {
    object.getMetadata().setDeletionTimestamp(time.toString());
    return object;
  }

  public static <R extends HasMetadata> R annotated(String key, String value, R object) {
    object.getMetadata().setAnnotations(Map.of(key, value));
    return object;
  }

  public static ImageSource web(String url) {
    return ImageSource.of(WebSourceSpec.of(url));
  }

  public static List<StoreCopy> copies(CopyState state, String... stores) {
    return List.of(stores).stream()
        .map(name -> new StoreCopy(name, state, null, null, null))
        .toList();
  }

  /** A list of conditions as {@code Type=Status/Reason}, which is how tests read them. */
  public static List<String> brief(List<Condition> conditions) {
    return conditions.stream()
        .map(c -> c.getType() + "=" + c.getStatus() + "/" + c.getReason())
        .toList();
  }

  public static String message(List<Condition> conditions, String type) {
    return Conditions.find(conditions, type).orElseThrow().getMessage();
  }

  private static ObjectMetaBuilder meta(String name) {
    return new ObjectMetaBuilder(new ObjectMeta())
        .withName(name)
        .withUid("uid-of-" + name)
        .withGeneration(1L)
        .withCreationTimestamp(CREATED.toString());
  }
}
