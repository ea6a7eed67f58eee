package dev.darkroom.controller;

import dev.darkroom.concurrent.DaemonThreads;
import dev.darkroom.controller.image.ScrubSchedule;
import dev.darkroom.controller.imageimport.ImportIndex;
import dev.darkroom.controller.imageimport.TransferEvents;
import dev.darkroom.controller.leader.OperatorHandle;
import dev.darkroom.controller.store.CopyFindings;
import dev.darkroom.controller.store.StoreRegistry;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.SharedInformers;
import dev.darkroom.controller.support.StoreFigures;
import dev.darkroom.source.web.WebClient;
import dev.darkroom.source.web.WebLimits;
import dev.darkroom.source.web.WebProxies;
import dev.darkroom.transfer.Transfers;
import dev.darkroom.transfer.model.TransferOptions;
import dev.darkroom.transfer.model.TransferOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running operator: its caches, reconcilers, transfers and stores. An instance is started once
 * and closed once; an operator that becomes the leader again is another instance.
 */
public final class ImageOperator implements OperatorHandle {

  private static final Logger LOG = LoggerFactory.getLogger(ImageOperator.class);
  private static final int RECONCILE_THREADS = 10;

  private static final ThreadFactory ABANDON_THREADS = DaemonThreads.named("abandon-transfers-");

  /** A new thread for each task: an abandoned term does not wait for a free thread. */
  private static final Executor ABANDON = task -> ABANDON_THREADS.newThread(task).start();

  private final OperatorSettings settings;
  private final SharedInformers informers;
  private final ImportIndex imports;
  private final Operator operator;
  private final Transfers transfers;
  private final StoreRegistry stores;
  private final ScrubSchedule scrub;
  private final WebClient web;

  private ImageOperator(KubernetesClient client, OperatorSettings settings, Observers observers) {
    this.settings = settings;
    TransferEvents transferEvents = new TransferEvents();
    this.stores = new StoreRegistry();
    this.web =
        new WebClient(
            WebLimits.defaults(), settings.addressPolicy(), WebProxies.of(System.getenv()));
    this.transfers = new Transfers(options(settings), transferEvents::wake, observers.transfers());
    Clock clock = Clock.systemUTC();
    CopyFindings findings = new CopyFindings();
    this.scrub = new ScrubSchedule(settings, stores, findings, observers.scrubs(), clock);
    this.informers = new SharedInformers(client, settings.namespaces());
    this.imports = new ImportIndex(informers.imports());
    this.operator =
        new Operator(
            config ->
                config
                    .withKubernetesClient(informers.client())
                    .withMetrics(observers.reconciles().get())
                    .withCloseClientOnStop(false)
                    .withConcurrentReconciliationThreads(RECONCILE_THREADS)
                    .withReconciliationTerminationTimeout(Duration.ofSeconds(5)));
    new ControllerRegistration(client, settings, clock, operator, informers, stores, imports)
        .registerAll(transfers, transferEvents, web, findings, scrub);
  }

  private static TransferOptions options(OperatorSettings settings) {
    return TransferOptionsBuilder.builder(TransferOptions.defaults())
        .slots(settings.transferSlots())
        .slotsPerStore(settings.transferSlotsPerStore())
        .slotsPerTenant(settings.transferSlotsPerNamespace())
        .bytesPerSecond(settings.bytesPerSecond())
        .staging(settings.staging())
        .fetch(settings.fetch())
        .inspection(settings.inspection())
        .decode(settings.decode())
        .qemuImg(settings.qemuImg())
        .announceEvery(settings.progressInterval())
        .build();
  }

  /**
   * Starts an operator without observers. Blocks until its caches are complete.
   *
   * @param client to the API server; the caller closes it after the operator
   * @throws io.fabric8.kubernetes.client.KubernetesClientException when a CRD is missing, or the
   *     API server refuses or does not answer
   */
  public static ImageOperator start(KubernetesClient client, OperatorSettings settings) {
    return start(client, settings, Observers.none());
  }

  /** Starts an operator with observers. Blocks until its caches are complete. */
  public static ImageOperator start(
      KubernetesClient client, OperatorSettings settings, Observers observers) {
    ImageOperator started = new ImageOperator(client, settings, observers);
    try {
      started.informers.start();
      // Before the first reconcile: a store that is not open yet is not missing.
      started.informers.stores().list().forEach(started.stores::announce);
      // Before the first transfer: what imports have left that were deleted without an operator.
      started.transfers.retain(started.imports.unfinishedUids());
      started.operator.start();
    } catch (RuntimeException e) {
      // A later start in this process needs the threads and files.
      started.close();
      throw e;
    }
    LOG.info(
        "The operator is running with {} transfer slots and {} informers",
        settings.transferSlots(),
        started.informers.count());
    LOG.info("Address policy for sources: {}", settings.addressPolicy());
    return started;
  }

  @Override
  public Collection<StoreFigures> inventory() {
    return stores.figures();
  }

  /** Whether the operator is started and all of its watches are open. */
  @Override
  public boolean isReady() {
    return operator.getRuntimeInfo().isStarted()
        && operator.getRuntimeInfo().allEventSourcesAreHealthy()
        && informers.isHealthy();
  }

  /**
   * Stops in this order: reconciles, caches, scrubs, transfers, stores. An import whose transfer is
   * cancelled keeps its status; the next operator resumes it.
   */
  @Override
  public void close() {
    operator.stop();
    informers.close();
    scrub.close();
    boolean unused = closeTransfers();
    closeStores();
  }

  /**
   * Stops as fast as possible. Transfers are cancelled first. Reconciles that wait for an absent
   * API server are interrupted after 5 s.
   *
   * @param left runs when no transfer writes any more: another operator may begin
   * @param cut ends all requests to the API server
   * @return whether all transfers have ended
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
    informers.close();
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
}
