package dev.darkroom.controller.image;

import dev.darkroom.access.Grant;
import dev.darkroom.access.Links;
import dev.darkroom.access.Sharing;
import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImagePhase;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.api.ImageStatusBuilder;
import dev.darkroom.controller.sharing.SharingEventRouter;
import dev.darkroom.controller.support.DeletionTimeout;
import dev.darkroom.controller.support.EventRecorder;
import dev.darkroom.controller.support.ImageFacts;
import dev.darkroom.controller.support.ImageUpdateFilter;
import dev.darkroom.controller.support.IndexedInformer;
import dev.darkroom.controller.support.LogContext;
import dev.darkroom.controller.support.SharedCaches;
import dev.darkroom.controller.support.SharedInformers;
import dev.darkroom.controller.support.StatusWriter;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
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
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Reconciles Images. An Image with a source gets an import, and its status follows the import until
 * the bytes are stored; from then on its copies are maintained. A link has no import; its status
 * follows the image at its end. The deletion of an Image deletes its copies, unless {@code
 * spec.reclaimPolicy} retains them.
 */
@ControllerConfiguration(
    name = "image",
    finalizerName = ApiGroup.FINALIZER,
    generationAwareEventProcessing = false,
    informer = @Informer(onUpdateFilter = ImageUpdateFilter.class))
public final class ImageReconciler implements Reconciler<Image>, Cleaner<Image> {

  /** The longest time between two reconciles while copies are missing or unwanted. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

  private static final String UNSETTLED = "unsettled";

  private final ImportsByImage imports;
  private final ImageCopies copies;
  private final SharedCaches caches;
  private final SharingEventRouter router;
  private final Clock clock;
  private final StatusWriter<ImageStatus, Image> status;
  private final LinkReconciliation links;
  private final IndexedInformer.Index<Image> unsettled;
  private final SimpleInboundEventSource<Image> importChanges =
      new SimpleInboundEventSource<>("imports");

  /** Registers with the informers, which must not be started yet. */
  public ImageReconciler(
      SharedInformers informers,
      ImportsByImage imports,
      ImageCopies copies,
      SharedCaches caches,
      SharingEventRouter router,
      EventRecorder events,
      Clock clock) {
    this.imports = imports;
    this.copies = copies;
    this.caches = caches;
    this.router = router;
    this.clock = clock;
    this.links = new LinkReconciliation(caches.links(), clock);
    this.status =
        new StatusWriter<>(events, ImageStatus::conditions, informers.images()::awaitWritten);
    this.unsettled =
        informers
            .images()
            .index(UNSETTLED, image -> isUnsettled(image) ? List.of(UNSETTLED) : List.of());
    imports.whenChanged(importChanges::propagateEvent);
  }

  @Override
  public List<EventSource<?, Image>> prepareEventSources(EventSourceContext<Image> context) {
    SimpleInboundEventSource<Image> copyChanges = new SimpleInboundEventSource<>("copies");
    copies.listen(
        copyChanges::propagateEvent,
        () ->
            unsettled.get(UNSETTLED).stream()
                .map(ResourceID::fromResource)
                .forEach(copyChanges::propagateEvent));
    SimpleInboundEventSource<Image> sharing = new SimpleInboundEventSource<>("sharing");
    router.deliver(SharingEventRouter.Topic.IMAGE, sharing::propagateEvent);
    return List.of(importChanges, copyChanges, sharing);
  }

  @Override
  public UpdateControl<Image> reconcile(Image image, Context<Image> context) {
    try (var log = LogContext.of(image)) {
      if (Links.isLink(image)) {
        imports.deleteUnfinishedOwn(image);
        write(image, links.of(image), context);
        return UpdateControl.noUpdate();
      }
      if (ImageFacts.hasBytes(image)) {
        return replicate(image, context);
      }
      ImageStatusCalculator next = new ImageStatusCalculator(image, clock);
      Optional<ImageImport> job = imports.current(image);
      List<String> asked = copies.asked(image);
      ImageStatus written =
          job.map(found -> next.following(found, asked)).orElseGet(next::awaitingImport);
      write(image, written, context);
      return written.digest() == null ? UpdateControl.noUpdate() : soon();
    }
  }

  /** Maintains the copies of an image that has bytes; the bytes never change. */
  private UpdateControl<Image> replicate(Image image, Context<Image> context) {
    ImageCopies.Pass pass = copies.begin(image, imports.copying(image));
    ImageStatus written = new ImageStatusCalculator(image, clock).active(pass.replicas());
    write(
        image,
        ImageStatusBuilder.builder(written)
            .observedScrub(copies.answeredScrub(image).orElse(null))
            .build(),
        context);
    // After the status write: a retry of a failed write needs the findings again.
    Duration untilScrub = copies.end(pass);
    return UpdateControl.<Image>noUpdate()
        .rescheduleAfter(
            pass.replicas().settled() || untilScrub.compareTo(LOOK_AGAIN) < 0
                ? untilScrub
                : LOOK_AGAIN);
  }

  private void write(Image image, ImageStatus next, Context<Image> context) {
    Sharing sharing = caches.sharing(image);
    int leftOut = caches.grant(sharing).map(Grant::leftOut).orElse(0);
    status.write(image, PublishedCondition.on(next, sharing, leftOut, clock), context);
  }

  private static UpdateControl<Image> soon() {
    return UpdateControl.<Image>noUpdate().rescheduleAfter(Duration.ofMillis(50));
  }

  /** Whether an image has bytes, and a change of any store may concern its copies. */
  private static boolean isUnsettled(Image image) {
    return ImageFacts.hasBytes(image)
        && (image.getSpec().allStores() || image.getStatus().phase() != ImagePhase.ACTIVE);
  }

  @Override
  public DeleteControl cleanup(Image image, Context<Image> context) {
    try (var log = LogContext.of(image)) {
      Optional<String> waitsFor =
          imports
              .deleteAll(image)
              .or(() -> Links.isLink(image) ? Optional.empty() : copies.remove(image));
      if (waitsFor.isEmpty()) {
        copies.forget(image);
        return DeleteControl.defaultDelete();
      }
      status.write(
          image, new ImageStatusCalculator(image, clock).deleting(waitsFor.get()), context);
      return DeleteControl.noFinalizerRemoval().rescheduleAfter(DeletionTimeout.LOOK_AGAIN);
    }
  }
}
