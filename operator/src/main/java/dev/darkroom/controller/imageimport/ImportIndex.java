package dev.darkroom.controller.imageimport;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageReference;
import dev.darkroom.controller.support.IndexedInformer;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Finds ImageImports in the shared cache: by the image that they write, by the image that they
 * read, and the unfinished ones. Thread-safe.
 */
public final class ImportIndex {

  private static final String UNFINISHED = "unfinished";

  private static final Comparator<ImageImport> OLDEST =
      Comparator.comparing((ImageImport job) -> job.getMetadata().getCreationTimestamp())
          .thenComparing(job -> job.getMetadata().getName());

  private final IndexedInformer.Index<ImageImport> byImage;
  private final IndexedInformer.Index<ImageImport> bySource;
  private final IndexedInformer.Index<ImageImport> unfinished;

  /** Adds indexes to a cache, which must not be started yet. */
  public ImportIndex(IndexedInformer<ImageImport> imports) {
    this.byImage = imports.index("image", job -> List.of(key(imageOf(job))));
    this.bySource = imports.index("source", ImportIndex::sourceImage);
    this.unfinished =
        imports.index(
            UNFINISHED,
            job -> ImportStatusCalculator.finished(job) ? List.of() : List.of(UNFINISHED));
  }

  /** The image that an import writes. */
  public static ResourceID imageOf(ImageImport job) {
    return new ResourceID(job.getSpec().imageRef().name(), job.getMetadata().getNamespace());
  }

  /** The imports that write an image, the oldest first. */
  public List<ImageImport> of(ResourceID image) {
    return byImage.get(key(image)).stream().sorted(OLDEST).toList();
  }

  /** The UIDs of all unfinished imports. */
  public Set<String> unfinishedUids() {
    return unfinished.get(UNFINISHED).stream()
        .map(job -> job.getMetadata().getUid())
        .collect(Collectors.toSet());
  }

  /** The oldest unfinished import of the same image, unless it is this one. */
  Optional<ImageImport> ahead(ImageImport job) {
    return of(imageOf(job)).stream()
        .filter(
            other ->
                other.getSpec().copy() == null
                    && !ImportStatusCalculator.finished(other)
                    && !other.getSpec().suspend())
        .findFirst()
        .filter(first -> !first.getMetadata().getUid().equals(job.getMetadata().getUid()));
  }

  /** The unfinished imports that write an image. */
  Set<ResourceID> unfinishedOf(Image image) {
    return unfinished(byImage.get(key(ResourceID.fromResource(image))), job -> true);
  }

  /** All unfinished imports that meet a condition. */
  Set<ResourceID> unfinished(Predicate<ImageImport> condition) {
    return unfinished(unfinished.get(UNFINISHED), condition);
  }

  /** The unfinished imports that read an image, or wait for its bytes. */
  Set<ResourceID> unfinishedFrom(ResourceID image) {
    return unfinished(bySource.get(key(image)), job -> true);
  }

  private static Set<ResourceID> unfinished(
      List<ImageImport> imports, Predicate<ImageImport> condition) {
    return imports.stream()
        .filter(job -> !ImportStatusCalculator.finished(job))
        .filter(condition)
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  private static List<String> sourceImage(ImageImport job) {
    ImageReference reference = job.getSpec().image();
    return reference == null
        ? List.of()
        : List.of(
            key(
                new ResourceID(
                    reference.name(), reference.namespaceOr(job.getMetadata().getNamespace()))));
  }

  private static String key(ResourceID image) {
    return image.getNamespace().orElse("") + "/" + image.getName();
  }
}
