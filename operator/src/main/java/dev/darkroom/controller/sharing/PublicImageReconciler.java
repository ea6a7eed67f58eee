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
 * Deletes the entries of the catalogue whose images are gone or no longer public, also when that
 * happened without a running operator. The garbage collector can't: a cluster-scoped object can't
 * have an owner in a namespace.
 */
@ControllerConfiguration(name = "publicimage")
public final class PublicImageReconciler implements Reconciler<PublicImage> {

  private final SharedCaches caches;
  private final SharingEventRouter router;
  private final OwnedObjectApplier applier;
  private final Set<String> namespaces;

  /**
   * Compares with the caches, and writes with the applier.
   *
   * @param namespaces the watched namespaces; empty for all. Entries of others are left alone.
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
    PublicImageSpec spec = entry.getSpec();
    if (!namespaces.isEmpty() && !namespaces.contains(spec.namespace())) {
      return UpdateControl.noUpdate();
    }
    Optional<PublicImage> wanted =
        caches
            .image(spec.namespace(), spec.name())
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
