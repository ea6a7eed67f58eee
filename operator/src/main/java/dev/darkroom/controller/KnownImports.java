package dev.darkroom.controller;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What imports there are, as far as is known: whose turn it is, and whom news concerns. */
final class KnownImports {

  private static final Comparator<ImageImport> OLDEST =
      Comparator.comparing((ImageImport job) -> job.getMetadata().getCreationTimestamp())
          .thenComparing(job -> job.getMetadata().getName());

  private final IndexerResourceCache<ImageImport> imports;

  /** Those in the cache. */
  KnownImports(IndexerResourceCache<ImageImport> imports) {
    this.imports = imports;
  }

  /** The oldest unfinished import of the same image, unless it is this one. */
  Optional<ImageImport> ahead(ImageImport job) {
    return imports
        .list(
            job.getMetadata().getNamespace(),
            other ->
                other.getSpec().imageRef().equals(job.getSpec().imageRef())
                    && other.getSpec().copy() == null
                    && !ImportStatus.finished(other)
                    && !other.getSpec().suspend())
        .min(OLDEST)
        .filter(first -> !first.getMetadata().getUid().equals(job.getMetadata().getUid()));
  }

  /** The unfinished imports that write to the image, or read from it. */
  Set<ResourceID> unfinishedOf(Image image) {
    String name = image.getMetadata().getName();
    return imports
        .list(
            image.getMetadata().getNamespace(),
            job -> concerns(job, name) && !ImportStatus.finished(job))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  /** All unfinished imports that are so. */
  Set<ResourceID> unfinished(Predicate<ImageImport> so) {
    return imports
        .list(job -> !ImportStatus.finished(job))
        .filter(so)
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  private static boolean concerns(ImageImport job, String image) {
    return job.getSpec().imageRef().name().equals(image)
        || (job.getSpec().image() != null && job.getSpec().image().name().equals(image));
  }
}
