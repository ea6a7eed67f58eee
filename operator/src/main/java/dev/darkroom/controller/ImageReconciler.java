package dev.darkroom.controller;

import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.net.HttpURLConnection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sees to it that an Image with a source has the import that its source asks for, says how that
 * import is, and keeps what it found. When the Image goes, so do its bytes, unless they are to
 * stay.
 */
@ControllerConfiguration(
    name = "image",
    finalizerName = ApiGroup.FINALIZER,
    generationAwareEventProcessing = false,
    informer = @Informer(onUpdateFilter = ImageChanges.class))
final class ImageReconciler implements Reconciler<Image>, Cleaner<Image> {

  private final Workplace workplace;
  private final StatusWriter<ImageStatus, Image> status;
  private final CopyRemoval copies;
  private final SimpleInboundEventSource<Image> removed = new SimpleInboundEventSource<>("removed");
  private InformerEventSource<ImageImport, Image> imports;

  ImageReconciler(Workplace workplace) {
    this.workplace = workplace;
    this.status = new StatusWriter<>(workplace.events(), ImageStatus::conditions);
    this.copies = new CopyRemoval(workplace, removed::propagateEvent);
  }

  @Override
  public List<EventSource<?, Image>> prepareEventSources(EventSourceContext<Image> context) {
    imports =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(ImageImport.class, Image.class)
                .withSecondaryToPrimaryMapper(
                    job ->
                        Set.of(
                            new ResourceID(
                                job.getSpec().imageRef().name(), job.getMetadata().getNamespace())))
                .withNamespacesInheritedFromController()
                .build(),
            context);
    return List.of(imports, removed);
  }

  @Override
  public UpdateControl<Image> reconcile(Image image, Context<Image> context) {
    try (var log = LogContext.of(image)) {
      ImageView next = new ImageView(image, workplace.clock());
      if (ImageView.hasBytes(image)) {
        status.write(image, next.active(), context);
      } else {
        Optional<ImageImport> job = currentImport(image);
        status.write(image, job.map(next::following).orElseGet(next::awaitingImport), context);
      }
      return UpdateControl.noUpdate();
    }
  }

  @Override
  public DeleteControl cleanup(Image image, Context<Image> context) {
    try (var log = LogContext.of(image)) {
      Optional<String> waitsFor = deleteImports(image).or(() -> copies.waitsFor(image));
      if (waitsFor.isEmpty()) {
        return DeleteControl.defaultDelete();
      }
      status.write(
          image, new ImageView(image, workplace.clock()).deleting(waitsFor.get()), context);
      return DeleteControl.noFinalizerRemoval().rescheduleAfter(Deletions.LOOK_AGAIN);
    }
  }

  /**
   * The import whose state is the image's: its own, or of those that name it the one that counts.
   */
  private Optional<ImageImport> currentImport(Image image) {
    List<ImageImport> all = importsOf(image);
    if (image.getSpec().source() == null) {
      return all.stream()
          .filter(ImportStatus::succeeded)
          .findFirst()
          .or(() -> all.stream().filter(job -> !ImportStatus.finished(job)).findFirst())
          .or(() -> all.stream().reduce((earlier, later) -> later));
    }
    String name = OwnImport.name(image);
    List<ImageImport> stale =
        all.stream()
            .filter(job -> !job.getMetadata().getName().equals(name))
            .filter(job -> isOwn(image, job) && !ImportStatus.finished(job))
            .toList();
    stale.forEach(this::delete);
    return all.stream()
        .filter(job -> job.getMetadata().getName().equals(name))
        .findFirst()
        // Two transfers of one image would write to the same place: first the old one goes.
        .or(() -> stale.isEmpty() ? Optional.of(create(image)) : stale.stream().findFirst());
  }

  private ImageImport create(Image image) {
    ImageImport wanted = OwnImport.of(image);
    try {
      return workplace.client().resource(wanted).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      // The cache is behind.
      return workplace.client().resource(wanted).get();
    }
  }

  /**
   * Deletes the imports of an image that goes, those made by hand too, which nobody else collects;
   * says which unfinished one it waits for.
   */
  private Optional<String> deleteImports(Image image) {
    List<ImageImport> all = importsOf(image);
    all.forEach(this::delete);
    List<ImageImport> unfinished = all.stream().filter(job -> !ImportStatus.finished(job)).toList();
    return Deletions.overdue(image, workplace)
        ? Optional.empty()
        : unfinished.stream()
            .findFirst()
            .map(job -> "ImageImport " + job.getMetadata().getName() + " is being cancelled.");
  }

  private void delete(ImageImport job) {
    if (job.getMetadata().getDeletionTimestamp() == null) {
      workplace.client().resource(job).delete();
    }
  }

  private List<ImageImport> importsOf(Image image) {
    return imports
        .list(
            image.getMetadata().getNamespace(),
            job -> job.getSpec().imageRef().name().equals(image.getMetadata().getName()))
        .sorted(
            Comparator.comparing((ImageImport job) -> job.getMetadata().getCreationTimestamp())
                .thenComparing(job -> job.getMetadata().getName()))
        .toList();
  }

  private static boolean isOwn(Image image, ImageImport job) {
    return job.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getUid().equals(image.getMetadata().getUid()));
  }
}
