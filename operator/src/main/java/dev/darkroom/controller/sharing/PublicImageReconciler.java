package dev.darkroom.controller.sharing;

import dev.darkroom.access.CatalogueEntry;
import dev.darkroom.api.PublicImage;
import dev.darkroom.api.PublicImageSpec;
import dev.darkroom.controller.support.OwnedObjectApplier;
import dev.darkroom.controller.support.SharedCaches;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes entries out of the catalogue whose images are gone or not to be listed any more, also when
 * that happened while no operator ran. It can't be left to the garbage collector: what belongs to
 * no namespace can't be owned by what does.
 */
@ControllerConfiguration(name = "publicimage")
public final class PublicImageReconciler implements Reconciler<PublicImage> {

  private final SharedCaches caches;
  private final SharingEventRouter router;
  private final OwnedObjectApplier applier;
  private final Set<String> namespaces;

  /**
   * Keeps the catalogue.
   *
   * @param namespaces whose images are looked after; empty for all
   */
  public PublicImageReconciler(
      SharedCaches caches,
      SharingEventRouter router,
      OwnedObjectApplier applier,
      Set<String> namespaces) {
    this.caches = caches;
    this.router = router;
    this.applier = applier;
    this.namespaces = namespaces;
  }

  @Override
  public List<EventSource<?, PublicImage>> prepareEventSources(
      EventSourceContext<PublicImage> context) {
    SimpleInboundEventSource<PublicImage> changes = new SimpleInboundEventSource<>("images");
    router.deliver(SharingEventRouter.Topic.ENTRY, changes::propagateEvent);
    return List.of(changes);
  }

  @Override
  public UpdateControl<PublicImage> reconcile(PublicImage entry, Context<PublicImage> context) {
    PublicImageSpec says = entry.getSpec();
    if (!namespaces.isEmpty() && !namespaces.contains(says.namespace())) {
      return UpdateControl.noUpdate();
    }
    Optional<PublicImage> wanted =
        caches
            .image(says.namespace(), says.name())
            .flatMap(CatalogueEntry::of)
            .filter(e -> e.getMetadata().getName().equals(entry.getMetadata().getName()));
    if (wanted.isEmpty()) {
      applier.delete(entry);
    } else if (!CatalogueEntry.isAsWanted(wanted.get(), entry)) {
      applier.apply(wanted.get());
    }
    return UpdateControl.noUpdate();
  }
}
