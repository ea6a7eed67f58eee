package dev.darkroom.controller.image;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.controller.imageimport.ImageImportFactory;
import dev.darkroom.controller.imageimport.ImportIndex;
import dev.darkroom.controller.imageimport.ImportStatusCalculator;
import dev.darkroom.controller.support.DeletionTimeout;
import dev.darkroom.controller.support.IndexedInformer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The ImageImports of each Image: finds them in the cache, creates and deletes them. A write
 * returns when the cache shows it.
 */
public final class ImportsByImage {

  private final KubernetesClient client;
  private final IndexedInformer<ImageImport> cache;
  private final ImportIndex imports;
  private final DeletionTimeout deletions;

  /**
   * Looks up in a cache.
   *
   * @param imports finds imports in the cache
   */
  public ImportsByImage(
      KubernetesClient client,
      IndexedInformer<ImageImport> cache,
      ImportIndex imports,
      DeletionTimeout deletions) {
    this.client = client;
    this.cache = cache;
    this.imports = imports;
    this.deletions = deletions;
  }

  /** Registers a receiver of each image one of whose imports changed; call it before the start. */
  void whenChanged(Consumer<ResourceID> images) {
    cache.whenChanged(
        (before, now) -> images.accept(ImportIndex.imageOf(now.or(() -> before).orElseThrow())));
  }

  /**
   * The import whose state is the image's. Of an Image with a source: its own import, created if it
   * is missing, once older own imports are deleted. Of an Image without a source: the import that
   * succeeded, or the oldest unfinished one, or the youngest.
   */
  Optional<ImageImport> current(Image image) {
    List<ImageImport> all =
        all(image).stream().filter(job -> job.getSpec().copy() == null).toList();
    if (image.getSpec().source() == null) {
      return all.stream()
          .filter(ImportStatusCalculator::succeeded)
          .findFirst()
          .or(() -> all.stream().filter(job -> !ImportStatusCalculator.finished(job)).findFirst())
          .or(() -> all.stream().reduce((earlier, later) -> later));
    }
    List<ImageImport> stale =
        unfinishedOwn(image).stream()
            .filter(job -> !ImageImportFactory.isNamed(image, job.getMetadata().getName()))
            .toList();
    stale.forEach(this::delete);
    return all.stream()
        .filter(job -> ImageImportFactory.isNamed(image, job.getMetadata().getName()))
        .findFirst()
        // Two transfers of one image would write to the same key: first the old one ends.
        .or(
            () ->
                stale.isEmpty()
                    ? Optional.of(create(ImageImportFactory.of(image)))
                    : stale.stream().findFirst());
  }

  /** The image's own imports that make more copies. */
  List<ImageImport> copying(Image image) {
    return all(image).stream()
        .filter(job -> job.getSpec().copy() != null && ImageImportFactory.isOwn(image, job))
        .toList();
  }

  /** Deletes the unfinished own imports of an image that is a link. */
  void deleteUnfinishedOwn(Image image) {
    unfinishedOwn(image).forEach(this::delete);
  }

  /**
   * Deletes all imports of an image that is deleted. This includes the imports made by hand: they
   * have no owner, and the garbage collector leaves them.
   *
   * @return the sentence that names an unfinished import; empty when the image need not wait
   */
  Optional<String> deleteAll(Image image) {
    List<ImageImport> all = all(image);
    all.forEach(this::delete);
    return deletions.overdue(image)
        ? Optional.empty()
        : all.stream()
            .filter(job -> !ImportStatusCalculator.finished(job))
            .findFirst()
            .map(job -> "ImageImport " + job.getMetadata().getName() + " is being cancelled.");
  }

  private List<ImageImport> unfinishedOwn(Image image) {
    return all(image).stream()
        .filter(job -> job.getSpec().copy() == null)
        .filter(
            job -> ImageImportFactory.isOwn(image, job) && !ImportStatusCalculator.finished(job))
        .toList();
  }

  /** Creates an import of an image. */
  ImageImport create(ImageImport wanted) {
    ImageImport created = client.resource(wanted).create();
    cache.awaitWritten(created);
    return created;
  }

  /** Deletes an import of an image, unless it is being deleted. */
  void delete(ImageImport job) {
    if (job.getMetadata().getDeletionTimestamp() == null) {
      client.resource(job).delete();
      cache.awaitDeleted(job);
    }
  }

  /** The imports that name the image, the oldest first. */
  private List<ImageImport> all(Image image) {
    return imports.of(ResourceID.fromResource(image));
  }
}
