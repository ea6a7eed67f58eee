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
 * Makes others see of an image what its visibility says: by the Role and RoleBinding that let them,
 * by its entry in everybody's catalogue, and by the labels that it is found by.
 */
@ControllerConfiguration(
    name = "image-access",
    generationAwareEventProcessing = false,
    informer = @Informer(onUpdateFilter = AccessUpdateFilter.class))
public final class ImageAccessReconciler implements Reconciler<Image> {

  /** By UID, of the few images that have too many people: how many are left out. */
  private final Map<String, Integer> leftOut = new ConcurrentHashMap<>();

  private final SharedCaches around;
  private final SharingEventRouter wakes;
  private final OwnedObjectApplier declarations;

  public ImageAccessReconciler(
      SharedCaches around, SharingEventRouter wakes, OwnedObjectApplier declarations) {
    this.around = around;
    this.wakes = wakes;
    this.declarations = declarations;
  }

  @Override
  public List<EventSource<?, Image>> prepareEventSources(EventSourceContext<Image> context) {
    SimpleInboundEventSource<Image> changes = new SimpleInboundEventSource<>("sharing");
    wakes.deliver(SharingEventRouter.Topic.ACCESS, changes::propagateEvent);
    return List.of(changes);
  }

  @Override
  public UpdateControl<Image> reconcile(Image image, Context<Image> context) {
    try (var log = LogContext.of(image)) {
      Optional<Grant> grant = around.grant(around.sharing(image));
      declarations.settle(
          image.getMetadata().getNamespace(),
          Grant.nameOfImage(image.getMetadata().getName()),
          grant);
      tell(image, grant.map(Grant::leftOut).orElse(0));
      list(image);
      label(image);
      return UpdateControl.noUpdate();
    }
  }

  /** The status tells of those who are left out, too. */
  private void tell(Image image, int now) {
    String uid = image.getMetadata().getUid();
    Integer before = now == 0 ? leftOut.remove(uid) : leftOut.put(uid, now);
    if (Objects.requireNonNullElse(before, 0) != now) {
      wakes.published(ResourceID.fromResource(image));
    }
  }

  private void list(Image image) {
    Optional<PublicImage> wanted = CatalogueEntry.of(image);
    Optional<PublicImage> there =
        around.entry(
            CatalogueEntry.name(image.getMetadata().getNamespace(), image.getMetadata().getName()));
    if (wanted.isEmpty()) {
      there.ifPresent(declarations::delete);
    } else if (there.filter(e -> CatalogueEntry.isAsWanted(wanted.get(), e)).isEmpty()) {
      declarations.apply(wanted.get());
    }
  }

  private void label(Image image) {
    Map<String, String> wanted = ImageLabels.of(image);
    Map<String, String> there =
        Objects.requireNonNullElse(image.getMetadata().getLabels(), Map.of());
    Map<String, String> changes = new HashMap<>();
    there.keySet().stream()
        .filter(ImageLabels::isMirrored)
        .filter(label -> !wanted.containsKey(label))
        .forEach(label -> changes.put(label, null));
    wanted.forEach(
        (label, value) -> {
          if (!value.equals(there.get(label))) {
            changes.put(label, value);
          }
        });
    if (!changes.isEmpty()) {
      declarations.label(image, changes);
    }
  }
}
