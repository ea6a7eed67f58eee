package dev.darkroom.controller.image;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.controller.imageimport.ImageImportFactory;
import dev.darkroom.controller.imageimport.ImportStatusCalculator;
import dev.darkroom.controller.support.DeletionTimeout;
import dev.darkroom.controller.support.ManagedFieldsStripper;
import dev.darkroom.controller.support.OperatorSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.net.HttpURLConnection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The ImageImports of each Image: finds them in a cache, creates and deletes them. */
public final class ImportsByImage {

  private final KubernetesClient client;
  private final OperatorSettings settings;
  private final DeletionTimeout deletions;
  private InformerEventSource<ImageImport, Image> imports;

  public ImportsByImage(
      KubernetesClient client, OperatorSettings settings, DeletionTimeout deletions) {
    this.client = client;
    this.settings = settings;
    this.deletions = deletions;
  }

  /** Creates the cache, an event source of the reconciler of Images. To be called first, once. */
  EventSource<?, Image> prepare(EventSourceContext<Image> context) {
    imports =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(ImageImport.class, Image.class)
                .withSecondaryToPrimaryMapper(
                    job ->
                        Set.of(
                            new ResourceID(
                                job.getSpec().imageRef().name(), job.getMetadata().getNamespace())))
                .withNamespacesInheritedFromController()
                .withItemStore(ManagedFieldsStripper.<ImageImport>with(settings).orElse(null))
                .build(),
            context);
    return imports;
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
        .or(() -> stale.isEmpty() ? Optional.of(create(image)) : stale.stream().findFirst());
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

  private ImageImport create(Image image) {
    ImageImport wanted = ImageImportFactory.of(image);
    try {
      return client.resource(wanted).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      // The cache is behind.
      return client.resource(wanted).get();
    }
  }

  private void delete(ImageImport job) {
    if (job.getMetadata().getDeletionTimestamp() == null) {
      client.resource(job).delete();
    }
  }

  /** The imports that name the image, the oldest first. */
  private List<ImageImport> all(Image image) {
    return imports
        .list(
            image.getMetadata().getNamespace(),
            job -> job.getSpec().imageRef().name().equals(image.getMetadata().getName()))
        .sorted(
            Comparator.comparing((ImageImport job) -> job.getMetadata().getCreationTimestamp())
                .thenComparing(job -> job.getMetadata().getName()))
        .toList();
  }
}
