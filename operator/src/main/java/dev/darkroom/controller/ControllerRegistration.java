package dev.darkroom.controller;

import dev.darkroom.controller.image.CopyRemoval;
import dev.darkroom.controller.image.ImageCopies;
import dev.darkroom.controller.image.ImageReconciler;
import dev.darkroom.controller.image.ImportsByImage;
import dev.darkroom.controller.image.Replication;
import dev.darkroom.controller.image.ScrubSchedule;
import dev.darkroom.controller.imageimport.ImageImportReconciler;
import dev.darkroom.controller.imageimport.ImportIndex;
import dev.darkroom.controller.imageimport.ImportPlanner;
import dev.darkroom.controller.imageimport.ImportSources;
import dev.darkroom.controller.imageimport.ImportTransfers;
import dev.darkroom.controller.imageimport.TransferEvents;
import dev.darkroom.controller.sharing.ImageAccessReconciler;
import dev.darkroom.controller.sharing.ImageMemberReconciler;
import dev.darkroom.controller.sharing.MemberLink;
import dev.darkroom.controller.sharing.PublicImageReconciler;
import dev.darkroom.controller.sharing.SharingEventRouter;
import dev.darkroom.controller.source.SourceFactory;
import dev.darkroom.controller.store.CopyDeletion;
import dev.darkroom.controller.store.CopyFindings;
import dev.darkroom.controller.store.ImageStoreReconciler;
import dev.darkroom.controller.store.StoreAccess;
import dev.darkroom.controller.store.StoreFactory;
import dev.darkroom.controller.store.StoreRegistry;
import dev.darkroom.controller.support.DeletionTimeout;
import dev.darkroom.controller.support.EventRecorder;
import dev.darkroom.controller.support.FieldManager;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.OwnedObjectApplier;
import dev.darkroom.controller.support.ReferencedObjects;
import dev.darkroom.controller.support.SharedCaches;
import dev.darkroom.controller.support.SharedInformers;
import dev.darkroom.source.web.WebClient;
import dev.darkroom.transfer.Transfers;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Clock;
import java.time.Duration;

/**
 * Creates the reconcilers and registers them with the operator framework, in the order of their
 * dependencies: stores, imports, images, sharing.
 */
final class ControllerRegistration {

  private final KubernetesClient client;
  private final OperatorSettings settings;
  private final Clock clock;
  private final Operator operator;
  private final SharedInformers informers;
  private final StoreRegistry stores;
  private final ImportIndex imports;
  private final SharedCaches caches;
  private final EventRecorder events;
  private final DeletionTimeout deletions;
  private final ReferencedObjects references;
  private final StoreAccess access;
  private final SharingEventRouter router;

  /** Adds indexes and listeners to the informers, which must not be started yet. */
  ControllerRegistration(
      KubernetesClient client,
      OperatorSettings settings,
      Clock clock,
      Operator operator,
      SharedInformers informers,
      StoreRegistry stores,
      ImportIndex imports) {
    this.client = client;
    this.settings = settings;
    this.clock = clock;
    this.operator = operator;
    this.informers = informers;
    this.stores = stores;
    this.imports = imports;
    this.caches = new SharedCaches(informers);
    this.events = new EventRecorder(client, clock);
    this.deletions = new DeletionTimeout(settings, clock);
    this.references = new ReferencedObjects(client);
    this.access = new StoreAccess(stores, caches::namespaceLabels);
    this.router = new SharingEventRouter(caches);
    router.listen(informers);
  }

  /** Registers all reconcilers. */
  void registerAll(
      Transfers transfers,
      TransferEvents transferEvents,
      WebClient web,
      CopyFindings findings,
      ScrubSchedule scrub) {
    registerStores(transfers);
    registerImports(transfers, transferEvents, web, findings);
    registerImages(findings, scrub);
    registerSharing();
  }

  private void registerStores(Transfers transfers) {
    register(
        new ImageStoreReconciler(
            informers,
            new StoreFactory(references, settings.operatorNamespace()),
            stores,
            transfers,
            settings,
            events,
            clock));
  }

  private void registerImports(
      Transfers transfers, TransferEvents transferEvents, WebClient web, CopyFindings findings) {
    SourceFactory sources = new SourceFactory(web, settings.addressPolicy(), references);
    register(
        new ImageImportReconciler(
            informers,
            imports,
            new ImportTransfers(transfers, transferEvents, stores),
            new ImportPlanner(access, new ImportSources(sources, stores, caches.links())),
            findings,
            router,
            settings,
            events,
            clock));
  }

  private void registerImages(CopyFindings findings, ScrubSchedule scrub) {
    // The end of a deletion triggers a reconcile of the image.
    CopyDeletion deletion = new CopyDeletion(client, stores, findings::nothingFound);
    ImportsByImage importsByImage =
        new ImportsByImage(client, informers.imports(), imports, deletions);
    register(
        new ImageReconciler(
            informers,
            importsByImage,
            new ImageCopies(
                access,
                findings,
                new Replication(importsByImage, access, findings, deletion, events, clock),
                new CopyRemoval(access, deletion, deletions, events),
                scrub),
            caches,
            router,
            events,
            clock));
  }

  private void registerSharing() {
    OwnedObjectApplier applier = new OwnedObjectApplier(client, informers, caches);
    register(new ImageAccessReconciler(caches, router, applier));
    register(new PublicImageReconciler(caches, router, applier, settings.namespaces()));
    register(
        new ImageMemberReconciler(
            new MemberLink(client, informers, caches, applier),
            informers,
            caches,
            router,
            applier,
            deletions,
            events,
            clock));
  }

  private <R extends HasMetadata> void register(Reconciler<R> reconciler) {
    operator.register(reconciler, this::configure);
  }

  private <R extends HasMetadata> void configure(ControllerConfigurationOverrider<R> config) {
    config
        .withRetry(
            new GenericRetry()
                .setInitialInterval(500)
                .setIntervalMultiplier(2)
                .setMaxInterval(60_000)
                .setMaxAttempts(-1))
        .withFieldManager(FieldManager.FINALIZERS)
        .withReconciliationMaxInterval(Duration.ofMinutes(10));
    Class<?> kind = config.build().getResourceClass();
    if (!settings.namespaces().isEmpty() && Namespaced.class.isAssignableFrom(kind)) {
      config.settingNamespaces(settings.namespaces());
    }
  }
}
