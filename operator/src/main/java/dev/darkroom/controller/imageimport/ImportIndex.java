package dev.darkroom.controller.imageimport;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageReference;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What imports there are, as far as is known: whose turn it is, and whom news concerns. */
final class ImportIndex {

  /** Finds the imports that read an image. */
  private static final String BY_SOURCE = "source";

  private static final Comparator<ImageImport> OLDEST =
      Comparator.comparing((ImageImport job) -> job.getMetadata().getCreationTimestamp())
          .thenComparing(job -> job.getMetadata().getName());

  private final IndexerResourceCache<ImageImport> imports;

  /** Those in the cache. */
  ImportIndex(IndexerResourceCache<ImageImport> imports) {
    this.imports = imports;
    imports.addIndexers(Map.of(BY_SOURCE, ImportIndex::sourceImage));
  }

  /** The oldest unfinished import of the same image, unless it is this one. */
  Optional<ImageImport> ahead(ImageImport job) {
    return imports
        .list(
            job.getMetadata().getNamespace(),
            other ->
                other.getSpec().imageRef().equals(job.getSpec().imageRef())
                    && other.getSpec().copy() == null
                    && !ImportStatusCalculator.finished(other)
                    && !other.getSpec().suspend())
        .min(OLDEST)
        .filter(first -> !first.getMetadata().getUid().equals(job.getMetadata().getUid()));
  }

  /** The unfinished imports that write to the image. */
  Set<ResourceID> unfinishedOf(Image image) {
    String name = image.getMetadata().getName();
    return imports
        .list(
            image.getMetadata().getNamespace(),
            job ->
                job.getSpec().imageRef().name().equals(name)
                    && !ImportStatusCalculator.finished(job))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  /** All unfinished imports that are so. */
  Set<ResourceID> unfinished(Predicate<ImageImport> so) {
    return imports
        .list(job -> !ImportStatusCalculator.finished(job))
        .filter(so)
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  /** The unfinished imports that read the image, or would like to. */
  Set<ResourceID> unfinishedFrom(ResourceID image) {
    return imports
        .byIndex(BY_SOURCE, image.getNamespace().orElse("") + "/" + image.getName())
        .stream()
        .filter(job -> !ImportStatusCalculator.finished(job))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  private static List<String> sourceImage(ImageImport job) {
    ImageReference reference = job.getSpec().image();
    return reference == null
        ? List.of()
        : List.of(reference.namespaceOr(job.getMetadata().getNamespace()) + "/" + reference.name());
  }
}
