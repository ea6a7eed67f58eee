package dev.darkroom.controller.sharing;

import dev.darkroom.access.CatalogueEntry;
import dev.darkroom.access.Grant;
import dev.darkroom.access.ImageLabels;
import dev.darkroom.api.Image;
import dev.darkroom.api.PublicImage;
import dev.darkroom.controller.support.LogContext;
import dev.darkroom.controller.support.OwnedObjectApplier;
import dev.darkroom.controller.support.SharedCaches;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives others the access to an image that its visibility states: by a Role and a RoleBinding, by
 * an entry in the catalogue (PublicImage), and by labels for selectors.
 */
@ControllerConfiguration(
    name = "image-access",
    generationAwareEventProcessing = false,
    informer = @Informer(onUpdateFilter = AccessUpdateFilter.class))
public final class ImageAccessReconciler implements Reconciler<Image> {

  /** The number of subjects that a RoleBinding leaves out, by the UID of the image; no zeros. */
  private final Map<String, Integer> leftOut = new ConcurrentHashMap<>();

  private final SharedCaches caches;
  private final SharingEventRouter router;
  private final OwnedObjectApplier applier;

  /** Compares with the caches, and writes with the applier. */
  public ImageAccessReconciler(
      SharedCaches caches, SharingEventRouter router, OwnedObjectApplier applier) {
    this.caches = caches;
    this.router = router;
    this.applier = applier;
  }

  @Override
  public List<EventSource<?, Image>> prepareEventSources(EventSourceContext<Image> context) {
    SimpleInboundEventSource<Image> changes = new SimpleInboundEventSource<>("sharing");
    router.deliver(SharingEventRouter.Topic.ACCESS, changes::propagateEvent);
    return List.of(changes);
  }

  @Override
  public UpdateControl<Image> reconcile(Image image, Context<Image> context) {
    try (var log = LogContext.of(image)) {
      Optional<Grant> grant = caches.grant(caches.sharing(image));
      applier.settle(
          image.getMetadata().getNamespace(),
          Grant.nameOfImage(image.getMetadata().getName()),
          grant);
      setLeftOut(image, grant.map(Grant::leftOut).orElse(0));
      publish(image);
      label(image);
      return UpdateControl.noUpdate();
    }
  }

  /** Triggers a reconcile of the image when the number changes: its status states the number. */
  private void setLeftOut(Image image, int now) {
    String uid = image.getMetadata().getUid();
    Integer before = now == 0 ? leftOut.remove(uid) : leftOut.put(uid, now);
    if (Objects.requireNonNullElse(before, 0) != now) {
      router.published(ResourceID.fromResource(image));
    }
  }

  private void publish(Image image) {
    Optional<PublicImage> wanted = CatalogueEntry.of(image);
    Optional<PublicImage> found =
        caches.entry(
            CatalogueEntry.name(image.getMetadata().getNamespace(), image.getMetadata().getName()));
    if (wanted.isEmpty()) {
      found.ifPresent(applier::delete);
    } else if (found.filter(e -> CatalogueEntry.isAsWanted(wanted.get(), e)).isEmpty()) {
      applier.apply(wanted.get());
    }
  }

  private void label(Image image) {
    Map<String, String> wanted = ImageLabels.of(image);
    Map<String, String> current =
        Objects.requireNonNullElse(image.getMetadata().getLabels(), Map.of());
    Map<String, String> changes = new HashMap<>();
    current.keySet().stream()
        .filter(ImageLabels::isMirrored)
        .filter(label -> !wanted.containsKey(label))
        .forEach(label -> changes.put(label, null));
    wanted.forEach(
        (label, value) -> {
          if (!value.equals(current.get(label))) {
            changes.put(label, value);
          }
        });
    if (!changes.isEmpty()) {
      applier.label(image, changes);
    }
  }
}
