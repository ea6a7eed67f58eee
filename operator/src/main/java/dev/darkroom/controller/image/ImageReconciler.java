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
import dev.darkroom.controller.support.LogContext;
import dev.darkroom.controller.support.SharedCaches;
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
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Sees to it that an Image with a source has the import that its source asks for, says how that
 * import is, and keeps what it found; a link has none, and says how its root is. When the Image
 * goes, so do its bytes, unless they are to stay.
 */
@ControllerConfiguration(
    name = "image",
    finalizerName = ApiGroup.FINALIZER,
    generationAwareEventProcessing = false,
    informer = @Informer(onUpdateFilter = ImageUpdateFilter.class))
public final class ImageReconciler implements Reconciler<Image>, Cleaner<Image> {

  /** Looks again this late when nothing woke it and copies are not where they shall be. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

  private final ImportsByImage imports;
  private final ImageCopies copies;
  private final SharedCaches around;
  private final SharingEventRouter wakes;
  private final Clock clock;
  private final StatusWriter<ImageStatus, Image> status;
  private final LinkReconciliation links;
  private IndexerResourceCache<Image> images;

  public ImageReconciler(
      ImportsByImage imports,
      ImageCopies copies,
      SharedCaches around,
      SharingEventRouter wakes,
      EventRecorder events,
      Clock clock) {
    this.imports = imports;
    this.copies = copies;
    this.around = around;
    this.wakes = wakes;
    this.clock = clock;
    this.links = new LinkReconciliation(around.links(), clock);
    this.status = new StatusWriter<>(events, ImageStatus::conditions);
  }

  @Override
  public List<EventSource<?, Image>> prepareEventSources(EventSourceContext<Image> context) {
    images = context.getPrimaryCache();
    SimpleInboundEventSource<Image> copied = new SimpleInboundEventSource<>("copies");
    copies.listen(copied::propagateEvent, () -> unsettled().forEach(copied::propagateEvent));
    SimpleInboundEventSource<Image> sharing = new SimpleInboundEventSource<>("sharing");
    wakes.deliver(SharingEventRouter.Topic.IMAGE, sharing::propagateEvent);
    return List.of(imports.prepare(context), copied, sharing);
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

  /** The image has bytes, for good: what is left is where its copies are. */
  private UpdateControl<Image> replicate(Image image, Context<Image> context) {
    ImageCopies.Pass pass = copies.begin(image, imports.copying(image));
    ImageStatus written = new ImageStatusCalculator(image, clock).active(pass.replicas());
    write(
        image,
        ImageStatusBuilder.builder(written)
            .observedScrub(copies.answeredScrub(image).orElse(null))
            .build(),
        context);
    // Only now: had the write failed, the findings would be needed again.
    Duration untilScrub = copies.end(pass);
    return UpdateControl.<Image>noUpdate()
        .rescheduleAfter(
            pass.replicas().settled() || untilScrub.compareTo(LOOK_AGAIN) < 0
                ? untilScrub
                : LOOK_AGAIN);
  }

  private void write(Image image, ImageStatus next, Context<Image> context) {
    Sharing sharing = around.sharing(image);
    int leftOut = around.grant(sharing).map(Grant::leftOut).orElse(0);
    status.write(image, PublishedCondition.on(next, sharing, leftOut, clock), context);
  }

  private static UpdateControl<Image> soon() {
    return UpdateControl.<Image>noUpdate().rescheduleAfter(Duration.ofMillis(50));
  }

  /** Images with bytes for whose copies another store, or another state of one, matters. */
  private Set<ResourceID> unsettled() {
    return images
        .list(
            image ->
                ImageFacts.hasBytes(image)
                    && (image.getSpec().allStores()
                        || image.getStatus().phase() != ImagePhase.ACTIVE))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
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
