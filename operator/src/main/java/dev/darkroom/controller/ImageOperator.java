package dev.darkroom.controller;

import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageStore;
import dev.darkroom.concurrent.DaemonThreads;
import dev.darkroom.controller.image.CopyRemoval;
import dev.darkroom.controller.image.ImageCopies;
import dev.darkroom.controller.image.ImageReconciler;
import dev.darkroom.controller.image.ImportsByImage;
import dev.darkroom.controller.image.Replication;
import dev.darkroom.controller.image.ScrubSchedule;
import dev.darkroom.controller.imageimport.ImageImportReconciler;
import dev.darkroom.controller.imageimport.ImportPlanner;
import dev.darkroom.controller.imageimport.ImportSources;
import dev.darkroom.controller.imageimport.ImportStatusCalculator;
import dev.darkroom.controller.imageimport.ImportTransfers;
import dev.darkroom.controller.imageimport.TransferEvents;
import dev.darkroom.controller.leader.OperatorHandle;
import dev.darkroom.controller.sharing.ImageAccessReconciler;
import dev.darkroom.controller.sharing.ImageMemberReconciler;
import dev.darkroom.controller.sharing.MemberLink;
import dev.darkroom.controller.sharing.PublicImageReconciler;
import dev.darkroom.controller.sharing.SharingEventRouter;
import dev.darkroom.controller.source.SourceFactory;
import dev.darkroom.controller.source.SourceResolver;
import dev.darkroom.controller.store.CopyDeletion;
import dev.darkroom.controller.store.CopyFindings;
import dev.darkroom.controller.store.ImageStoreReconciler;
import dev.darkroom.controller.store.StoreAccess;
import dev.darkroom.controller.store.StoreFactory;
import dev.darkroom.controller.store.StoreRegistry;
import dev.darkroom.controller.support.DeletionTimeout;
import dev.darkroom.controller.support.EventRecorder;
import dev.darkroom.controller.support.FieldManager;
import dev.darkroom.controller.support.ManagedFieldsStripper;
import dev.darkroom.controller.support.NamespaceLabels;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.OwnedObjectApplier;
import dev.darkroom.controller.support.ReferencedObjects;
import dev.darkroom.controller.support.SharedCaches;
import dev.darkroom.controller.support.StoreFigures;
import dev.darkroom.source.web.WebClient;
import dev.darkroom.source.web.WebLimits;
import dev.darkroom.source.web.WebProxies;
import dev.darkroom.transfer.Transfers;
import dev.darkroom.transfer.model.TransferOptions;
import dev.darkroom.transfer.model.TransferOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running operator: its reconcilers, transfers and stores. Start it once, close it once. */
public final class ImageOperator implements OperatorHandle {

  private static final Logger LOG = LoggerFactory.getLogger(ImageOperator.class);
  private static final int RECONCILE_THREADS = 10;

  private static final ThreadFactory ABANDON_THREADS = DaemonThreads.named("abandon-transfers-");

  /** A new thread for each task: an abandoned term does not wait for a free thread. */
  private static final Executor ABANDON = task -> ABANDON_THREADS.newThread(task).start();

  private final OperatorSettings settings;
  private final Operator operator;
  private final Transfers transfers;
  private final StoreRegistry stores;
  private final ScrubSchedule scrub;
  private final WebClient web;
  private final SharedCaches around;

  private ImageOperator(KubernetesClient client, OperatorSettings settings, Observers observers) {
    this.settings = settings;
    TransferEvents wakes = new TransferEvents();
    this.stores = new StoreRegistry();
    this.web =
        new WebClient(
            WebLimits.defaults(), settings.addressPolicy(), WebProxies.of(System.getenv()));
    this.transfers =
        new Transfers(
            TransferOptionsBuilder.builder(TransferOptions.defaults())
                .slots(settings.transferSlots())
                .slotsPerStore(settings.transferSlotsPerStore())
                .slotsPerTenant(settings.transferSlotsPerNamespace())
                .bytesPerSecond(settings.bytesPerSecond())
                .staging(settings.staging())
                .fetch(settings.fetch())
                .decode(settings.decode())
                .qemuImg(settings.qemuImg())
                .announceEvery(settings.progressInterval())
                .build(),
            wakes::wake,
            observers.transfers());
    Clock clock = Clock.systemUTC();
    EventRecorder events = new EventRecorder(client, clock);
    DeletionTimeout deletions = new DeletionTimeout(settings, clock);
    ReferencedObjects references = new ReferencedObjects(client);
    StoreAccess access = new StoreAccess(stores, new NamespaceLabels(client, clock));
    CopyFindings findings = new CopyFindings();
    this.scrub = new ScrubSchedule(settings, stores, findings, observers.scrubs(), clock);
    this.operator =
        new Operator(
            config ->
                config
                    .withKubernetesClient(client)
                    .withMetrics(observers.reconciles().get())
                    .withCloseClientOnStop(false)
                    .withConcurrentReconciliationThreads(RECONCILE_THREADS)
                    .withReconciliationTerminationTimeout(Duration.ofSeconds(5)));
    this.around = new SharedCaches(client, settings.namespaces());
    SharingEventRouter sharing = new SharingEventRouter(around);
    sharing.listen();
    OwnedObjectApplier declarations = new OwnedObjectApplier(client, around);
    register(
        new ImageStoreReconciler(
            new StoreFactory(references, settings.operatorNamespace()),
            stores,
            transfers,
            settings,
            events,
            clock));
    SourceResolver sources = new SourceFactory(web, settings.addressPolicy(), references);
    register(
        new ImageImportReconciler(
            new ImportTransfers(transfers, wakes, stores),
            new ImportPlanner(access, new ImportSources(sources, stores, around.links())),
            findings,
            sharing,
            settings,
            events,
            clock));
    // The end of a deletion triggers a reconcile of the image.
    CopyDeletion deletion = new CopyDeletion(client, stores, findings::nothingFound);
    register(
        new ImageReconciler(
            new ImportsByImage(client, settings, deletions),
            new ImageCopies(
                access,
                findings,
                new Replication(client, access, findings, deletion, events, clock),
                new CopyRemoval(access, deletion, deletions, events),
                scrub),
            around,
            sharing,
            events,
            clock));
    register(new ImageAccessReconciler(around, sharing, declarations));
    register(new PublicImageReconciler(around, sharing, declarations, settings.namespaces()));
    register(
        new ImageMemberReconciler(
            new MemberLink(client, around, declarations),
            around,
            sharing,
            declarations,
            deletions,
            events,
            clock));
  }

  /**
   * Starts it. Blocks until its caches are filled.
   *
   * @param client to the API server; the caller closes it after the operator
   * @throws io.javaoperatorsdk.operator.OperatorException when the CRDs are missing or the API
   *     server does not answer
   */
  public static ImageOperator start(KubernetesClient client, OperatorSettings settings) {
    return start(client, settings, Observers.none());
  }

  /** The same, with others who hear what it does. */
  public static ImageOperator start(
      KubernetesClient client, OperatorSettings settings, Observers observers) {
    ImageOperator started = new ImageOperator(client, settings, observers);
    try {
      // Before anyone asks: a store that is not open yet is not one that is missing.
      client.resources(ImageStore.class).list().getItems().forEach(started.stores::announce);
      started.around.start();
      started.operator.start();
    } catch (RuntimeException e) {
      // Whoever tries again in this process needs what it holds.
      started.close();
      throw e;
    }
    started.dropWhatNobodyGoesOnWith(client);
    LOG.info("The operator is running, with {} transfers at a time", settings.transferSlots());
    LOG.info("Sources may be at {}", settings.addressPolicy());
    return started;
  }

  /** Imports that were deleted while no operator ran have left what they had begun. */
  private void dropWhatNobodyGoesOnWith(KubernetesClient client) {
    try {
      List<ImageImport> all = new ArrayList<>();
      if (settings.namespaces().isEmpty()) {
        all.addAll(client.resources(ImageImport.class).inAnyNamespace().list().getItems());
      }
      for (String namespace : settings.namespaces()) {
        all.addAll(client.resources(ImageImport.class).inNamespace(namespace).list().getItems());
      }
      transfers.retain(
          all.stream()
              .filter(job -> !ImportStatusCalculator.finished(job))
              .map(job -> job.getMetadata().getUid())
              .collect(Collectors.toSet()));
    } catch (KubernetesClientException e) {
      LOG.warn(
          "What deleted imports left in the staging directory is kept until the next start", e);
    }
  }

  @Override
  public Collection<StoreFigures> inventory() {
    return stores.figures();
  }

  /** Whether it has started and hears of changes on the API server. */
  @Override
  public boolean isReady() {
    return operator.getRuntimeInfo().isStarted()
        && operator.getRuntimeInfo().allEventSourcesAreHealthy()
        && around.isHealthy();
  }

  /**
   * Stops in order: no more reconciles, running transfers leave the stores clean, stores close. An
   * import that was cut off stays as it is and is taken up again by the next operator.
   */
  @Override
  public void close() {
    operator.stop();
    around.close();
    scrub.close();
    boolean unused = closeTransfers();
    closeStores();
  }

  /**
   * Ends it as fast as can be. Transfers are told before anything else, and it has left when all of
   * them have left the stores. Reconciles that wait for an API server that is away are not waited
   * for long.
   *
   * @param left is told when it does nothing any more that another must not do at the same time
   * @param cut ends all that is being asked of the API server
   * @return whether it has left
   */
  boolean abandon(Runnable left, Runnable cut) {
    CompletableFuture<Boolean> transfersLeft =
        CompletableFuture.supplyAsync(
            () -> {
              boolean clean = closeTransfers();
              if (clean) {
                left.run();
              }
              return clean;
            },
            ABANDON);
    cut.run();
    operator.stop();
    around.close();
    scrub.close();
    boolean clean = transfersLeft.join();
    closeStores();
    return clean;
  }

  private boolean closeTransfers() {
    try {
      return transfers.close(settings.shutdownTimeout());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void closeStores() {
    stores.close();
    closeWeb();
    LOG.info("The operator has stopped");
  }

  private void closeWeb() {
    try {
      web.close();
    } catch (IOException e) {
      LOG.warn("The HTTP client did not close", e);
    }
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
    ManagedFieldsStripper.<R>with(settings).ifPresent(config::withItemStore);
    if (!settings.namespaces().isEmpty()) {
      config.settingNamespaces(settings.namespaces());
    }
  }
}
