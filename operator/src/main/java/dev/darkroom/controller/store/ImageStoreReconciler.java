package dev.darkroom.controller.store;

import dev.darkroom.access.Links;
import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.CopyState;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ImageStoreStatus;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.controller.support.DeletionTimeout;
import dev.darkroom.controller.support.EventRecorder;
import dev.darkroom.controller.support.LogContext;
import dev.darkroom.controller.support.ManagedFieldsStripper;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.StatusWriter;
import dev.darkroom.controller.support.StoreFigures;
import dev.darkroom.transfer.Transfers;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
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
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * Opens and probes stores, so that others can use them, and counts what is in them. A store that
 * images have copies in is not let go.
 */
@ControllerConfiguration(
    name = "imagestore",
    finalizerName = ApiGroup.FINALIZER,
    generationAwareEventProcessing = true)
public final class ImageStoreReconciler implements Reconciler<ImageStore>, Cleaner<ImageStore> {

  /** The states of a copy of which there are bytes, or are about to be. */
  private static final Set<CopyState> HELD =
      EnumSet.of(CopyState.AVAILABLE, CopyState.COPYING, CopyState.CORRUPT);

  private final StoreRegistry stores;
  private final OperatorSettings settings;
  private final Clock clock;
  private final DeletionTimeout deletions;
  private final StatusWriter<ImageStoreStatus, ImageStore> status;
  private final StoreProbes probes;
  private final SimpleInboundEventSource<ImageStore> probed =
      new SimpleInboundEventSource<>("probed");
  private final AtomicReference<List<String>> marked = new AtomicReference<>(List.of());
  private InformerEventSource<Image, ImageStore> images;

  public ImageStoreReconciler(
      StoreFactory drivers,
      StoreRegistry stores,
      Transfers transfers,
      OperatorSettings settings,
      EventRecorder events,
      Clock clock) {
    this.stores = stores;
    this.settings = settings;
    this.clock = clock;
    this.deletions = new DeletionTimeout(settings, clock);
    this.status = new StatusWriter<>(events, ImageStoreStatus::conditions);
    this.probes =
        new StoreProbes(
            stores,
            drivers,
            transfers::tokensToKeep,
            clock,
            name -> probed.propagateEvent(new ResourceID(name)));
  }

  @Override
  public List<EventSource<?, ImageStore>> prepareEventSources(
      EventSourceContext<ImageStore> context) {
    images =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Image.class, ImageStore.class)
                .withSecondaryToPrimaryMapper(
                    image ->
                        copies(image).stream()
                            .map(copy -> new ResourceID(copy.name()))
                            .collect(Collectors.toSet()))
                .withOnUpdateFilter((now, before) -> !copies(now).equals(copies(before)))
                .withItemStore(ManagedFieldsStripper.<Image>with(settings).orElse(null))
                .build(),
            context);
    return List.of(images, probed);
  }

  @Override
  public UpdateControl<ImageStore> reconcile(ImageStore store, Context<ImageStore> context) {
    try (var log = LogContext.of(store)) {
      Duration untilNext = probes.keepFresh(store, settings.probeInterval());
      List<String> marked = markedDefault();
      List<Image> held = imagesIn(store);
      long used = held.stream().mapToLong(image -> bytes(image, store)).sum();
      stores.tell(figures(store, held.size(), used));
      stores
          .room(store.getMetadata().getName())
          .count(used, held.stream().map(CopyKey::of).collect(Collectors.toSet()), clock.instant());
      status.write(
          store,
          StoreStatusCalculator.of(store, probes.last(store), marked, held.size(), used, clock),
          context);
      return UpdateControl.<ImageStore>noUpdate().rescheduleAfter(untilNext);
    }
  }

  @Override
  public DeleteControl cleanup(ImageStore store, Context<ImageStore> context) {
    try (var log = LogContext.of(store)) {
      List<Image> users = images.list(image -> uses(image, store)).toList();
      if (!users.isEmpty()) {
        // Until they go their bytes are to be read, written and removed: it stays open.
        Duration untilNext = probes.keepFresh(store, settings.probeInterval());
        stores.redefine(store);
        markedDefault();
        status.write(store, StoreStatusCalculator.inUse(store, users, clock), context);
        return DeleteControl.noFinalizerRemoval().rescheduleAfter(untilNext);
      }
      if (stores.isHeld(store.getMetadata().getName()) && !deletions.overdue(store)) {
        // No image says so yet, but bytes are on their way; who writes them removes them, too.
        return DeleteControl.noFinalizerRemoval().rescheduleAfter(DeletionTimeout.LOOK_AGAIN);
      }
      probes.forget(store);
      stores.remove(store.getMetadata().getName());
      markedDefault();
      return DeleteControl.defaultDelete();
    }
  }

  /** Names of the stores marked default; when they change, each of them has something to say. */
  private List<String> markedDefault() {
    List<String> now = stores.marked().stream().map(StoreRegistry.Entry::name).toList();
    if (!now.equals(marked.getAndSet(now))) {
      now.forEach(name -> probed.propagateEvent(new ResourceID(name)));
    }
    return now;
  }

  /** Whether it has a copy there, or is about to. */
  private static boolean uses(Image image, ImageStore store) {
    return copies(image).stream()
        .filter(copy -> HELD.contains(copy.state()))
        .anyMatch(copy -> copy.name().equals(store.getMetadata().getName()));
  }

  private List<Image> imagesIn(ImageStore store) {
    return images.list(image -> copyIn(image, store).isPresent()).toList();
  }

  private StoreFigures figures(ImageStore store, int held, long used) {
    Optional<StoreProbes.Result> probe = probes.last(store);
    List<Instant> verifications =
        imagesIn(store).stream()
            .flatMap(image -> copyIn(image, store).stream())
            .map(StoreCopy::verifiedAt)
            .filter(Objects::nonNull)
            .map(Instant::parse)
            .toList();
    Instant overdue = clock.instant().minus(settings.scrubInterval().multipliedBy(2));
    return new StoreFigures(
        store.getMetadata().getName(),
        probe.isPresent() && probe.get().trouble().isEmpty(),
        held,
        used,
        probe.map(result -> result.headroom().availableBytes()).orElse(OptionalLong.empty()),
        verifications.stream().min(Comparator.naturalOrder()),
        verifications.stream().filter(at -> at.isBefore(overdue)).count(),
        images
            .list(image -> true)
            .flatMap(image -> copies(image).stream())
            .filter(copy -> copy.name().equals(store.getMetadata().getName()))
            .collect(
                Collectors.groupingBy(
                    copy -> copy.state().name().toLowerCase(Locale.ROOT), Collectors.counting())));
  }

  private static long bytes(Image image, ImageStore store) {
    return copyIn(image, store).map(StoreCopy::bytes).filter(Objects::nonNull).orElse(0L);
  }

  private static Optional<StoreCopy> copyIn(Image image, ImageStore store) {
    return copies(image).stream()
        .filter(copy -> copy.state() == CopyState.AVAILABLE)
        .filter(copy -> copy.name().equals(store.getMetadata().getName()))
        .findFirst();
  }

  private static List<StoreCopy> copies(Image image) {
    // What a link shows of copies are those of its root.
    return image.getStatus() == null || Links.isLink(image)
        ? List.of()
        : image.getStatus().stores();
  }
}
