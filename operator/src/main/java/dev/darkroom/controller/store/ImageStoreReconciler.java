package dev.darkroom.controller.store;

import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ImageStoreStatus;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.controller.support.DeletionTimeout;
import dev.darkroom.controller.support.EventRecorder;
import dev.darkroom.controller.support.LogContext;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.SharedInformers;
import dev.darkroom.controller.support.StatusWriter;
import dev.darkroom.controller.support.StoreFigures;
import dev.darkroom.transfer.Transfers;
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
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reconciles ImageStores: opens them, probes them, and counts the copies in them. The finalizer
 * stays until no image has a copy in the store.
 */
@ControllerConfiguration(
    name = "imagestore",
    finalizerName = ApiGroup.FINALIZER,
    generationAwareEventProcessing = true)
public final class ImageStoreReconciler implements Reconciler<ImageStore>, Cleaner<ImageStore> {

  private final StoreRegistry stores;
  private final OperatorSettings settings;
  private final Clock clock;
  private final DeletionTimeout deletions;
  private final StatusWriter<ImageStoreStatus, ImageStore> status;
  private final StoreProbes probes;
  private final Function<String, StoreContents> contents;
  private final SimpleInboundEventSource<ImageStore> probed =
      new SimpleInboundEventSource<>("probed");
  private final SimpleInboundEventSource<ImageStore> copyChanges =
      new SimpleInboundEventSource<>("copies");
  private final AtomicReference<List<String>> marked = new AtomicReference<>(List.of());

  /** Registers with the informers, which must not be started yet. */
  public ImageStoreReconciler(
      SharedInformers informers,
      StoreFactory factory,
      StoreRegistry stores,
      Transfers transfers,
      OperatorSettings settings,
      EventRecorder events,
      Clock clock) {
    this.stores = stores;
    this.settings = settings;
    this.clock = clock;
    this.deletions = new DeletionTimeout(settings, clock);
    this.status =
        new StatusWriter<>(events, ImageStoreStatus::conditions, informers.stores()::awaitWritten);
    this.probes =
        new StoreProbes(
            stores,
            factory,
            transfers::tokensToKeep,
            clock,
            name -> probed.propagateEvent(new ResourceID(name)));
    this.contents = StoreContents.index(informers.images());
    informers.images().whenChanged(this::imageChanged);
  }

  @Override
  public List<EventSource<?, ImageStore>> prepareEventSources(
      EventSourceContext<ImageStore> context) {
    return List.of(copyChanges, probed);
  }

  private void imageChanged(Optional<Image> before, Optional<Image> now) {
    List<StoreCopy> earlier = before.map(StoreContents::copies).orElse(List.of());
    List<StoreCopy> later = now.map(StoreContents::copies).orElse(List.of());
    if (!earlier.equals(later)) {
      Stream.concat(earlier.stream(), later.stream())
          .map(StoreCopy::name)
          .distinct()
          .forEach(name -> copyChanges.propagateEvent(new ResourceID(name)));
    }
  }

  @Override
  public UpdateControl<ImageStore> reconcile(ImageStore store, Context<ImageStore> context) {
    try (var log = LogContext.of(store)) {
      Duration untilNext = probes.keepFresh(store, settings.probeInterval());
      List<String> defaults = markedDefault();
      StoreContents held = contents.apply(store.getMetadata().getName());
      stores.setFigures(figures(store, held));
      stores.room(store.getMetadata().getName()).count(held.bytes(), held.keys(), clock.instant());
      status.write(
          store,
          StoreStatusCalculator.of(
              store, probes.last(store), defaults, held.available(), held.bytes(), clock),
          context);
      return UpdateControl.<ImageStore>noUpdate().rescheduleAfter(untilNext);
    }
  }

  @Override
  public DeleteControl cleanup(ImageStore store, Context<ImageStore> context) {
    try (var log = LogContext.of(store)) {
      List<Image> users = contents.apply(store.getMetadata().getName()).users();
      if (!users.isEmpty()) {
        // The store stays open: its bytes are read, written and removed until no image uses it.
        Duration untilNext = probes.keepFresh(store, settings.probeInterval());
        stores.redefine(store);
        markedDefault();
        status.write(store, StoreStatusCalculator.inUse(store, users, clock), context);
        return DeleteControl.noFinalizerRemoval().rescheduleAfter(untilNext);
      }
      if (stores.isHeld(store.getMetadata().getName()) && !deletions.overdue(store)) {
        // A transfer writes bytes that no image states yet. It removes them, too.
        return DeleteControl.noFinalizerRemoval().rescheduleAfter(DeletionTimeout.LOOK_AGAIN);
      }
      probes.forget(store);
      stores.remove(store.getMetadata().getName());
      markedDefault();
      return DeleteControl.defaultDelete();
    }
  }

  /**
   * The names of the stores that are marked default. A change of the list triggers a reconcile of
   * each of them, for their conditions depend on it.
   */
  private List<String> markedDefault() {
    List<String> now = stores.marked().stream().map(StoreRegistry.Entry::name).toList();
    if (!now.equals(marked.getAndSet(now))) {
      now.forEach(name -> probed.propagateEvent(new ResourceID(name)));
    }
    return now;
  }

  private StoreFigures figures(ImageStore store, StoreContents held) {
    Optional<StoreProbes.Result> probe = probes.last(store);
    Instant overdue = clock.instant().minus(settings.scrubInterval().multipliedBy(2));
    return new StoreFigures(
        store.getMetadata().getName(),
        probe.isPresent() && probe.get().trouble().isEmpty(),
        held.available(),
        held.bytes(),
        probe.map(result -> result.headroom().availableBytes()).orElse(OptionalLong.empty()),
        held.verifications().stream().min(Comparator.naturalOrder()),
        held.verifications().stream().filter(at -> at.isBefore(overdue)).count(),
        held.states());
  }
}
