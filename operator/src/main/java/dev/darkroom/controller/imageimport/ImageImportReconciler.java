package dev.darkroom.controller.imageimport;

import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportStatus;
import dev.darkroom.controller.sharing.SharingEventRouter;
import dev.darkroom.controller.store.CopyFindings;
import dev.darkroom.controller.support.DeletionTimeout;
import dev.darkroom.controller.support.EventRecorder;
import dev.darkroom.controller.support.IndexedInformer;
import dev.darkroom.controller.support.LogContext;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.SharedInformers;
import dev.darkroom.controller.support.StatusWriter;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.QueuePlace;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferStatus;
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
import java.util.List;
import java.util.Optional;

/**
 * Reconciles ImageImports: starts a transfer when all prerequisites are met, writes its progress to
 * the status, and decides about a retry when it ends. A finished import is deleted after {@code
 * spec.ttlSecondsAfterFinished}, if that is set.
 */
@ControllerConfiguration(
    name = "imageimport",
    finalizerName = ApiGroup.FINALIZER,
    generationAwareEventProcessing = true)
public final class ImageImportReconciler implements Reconciler<ImageImport>, Cleaner<ImageImport> {

  /** The longest time between two reconciles of an unfinished import. */
  private static final Duration FALLBACK = Duration.ofSeconds(30);

  private final ImportTransfers transfers;
  private final ImportPlanner planner;
  private final StatusWriter<ImageImportStatus, ImageImport> status;
  private final ImportRetry retry = new ImportRetry();
  private final TransferFindings findings;
  private final SharingEventRouter sharing;
  private final OperatorSettings settings;
  private final DeletionTimeout deletions;
  private final Clock clock;
  private final IndexedInformer<Image> images;
  private final ImportIndex imports;
  private final ImportUpdateFilter imageUpdates = new ImportUpdateFilter();
  private final SimpleInboundEventSource<ImageImport> imageChanges =
      new SimpleInboundEventSource<>("images");

  /**
   * Registers with the caches, which must not be started yet.
   *
   * @param imports finds imports in the cache of imports
   */
  public ImageImportReconciler(
      SharedInformers informers,
      ImportIndex imports,
      ImportTransfers transfers,
      ImportPlanner planner,
      CopyFindings findings,
      SharingEventRouter sharing,
      OperatorSettings settings,
      EventRecorder events,
      Clock clock) {
    this.transfers = transfers;
    this.planner = planner;
    this.status =
        new StatusWriter<>(
            events, ImageImportStatus::conditions, informers.imports()::awaitWritten);
    this.images = informers.images();
    this.imports = imports;
    this.findings = new TransferFindings(findings, clock, this::image);
    this.sharing = sharing;
    this.settings = settings;
    this.deletions = new DeletionTimeout(settings, clock);
    this.clock = clock;
    images.whenChanged(this::imageChanged);
  }

  @Override
  public List<EventSource<?, ImageImport>> prepareEventSources(
      EventSourceContext<ImageImport> context) {
    SimpleInboundEventSource<ImageImport> progress = new SimpleInboundEventSource<>("transfers");
    transfers.listen(
        progress::propagateEvent,
        () ->
            imports
                .unfinished(job -> transfers.status(job).isEmpty())
                .forEach(progress::propagateEvent));
    SimpleInboundEventSource<ImageImport> sources = new SimpleInboundEventSource<>("sources");
    sharing.deliver(
        SharingEventRouter.Topic.SOURCE,
        image -> imports.unfinishedFrom(image).forEach(sources::propagateEvent));
    return List.of(imageChanges, progress, sources);
  }

  private void imageChanged(Optional<Image> before, Optional<Image> now) {
    if (before.isEmpty() || now.isEmpty() || imageUpdates.accept(now.get(), before.get())) {
      imports
          .unfinishedOf(now.or(() -> before).orElseThrow())
          .forEach(imageChanges::propagateEvent);
    }
  }

  @Override
  public UpdateControl<ImageImport> reconcile(ImageImport job, Context<ImageImport> context) {
    try (var log = LogContext.of(job)) {
      ImportStatusCalculator next = new ImportStatusCalculator(job, clock);
      if (ImportStatusCalculator.finished(job)) {
        status.write(job, next.observed(), context);
        return expire(job, context);
      }
      Optional<TransferStatus> transfer = transfers.status(job);
      if (job.getSpec().suspend()) {
        return suspend(job, next, transfer, context);
      }
      if (times(job).overdue() && transfer.flatMap(TransferStatus::outcome).isEmpty()) {
        transfers.cancel(job);
        return transfer.isPresent()
            ? again(FALLBACK)
            : write(job, next.failed(ImportTimes.deadlineExceeded(job)), context);
      }
      if (transfer.isEmpty()) {
        return begin(job, next, context);
      }
      return transfer.get().outcome().isPresent()
          ? end(job, next, transfer.get(), context)
          : goOn(job, next, transfer.get(), context);
    }
  }

  @Override
  public DeleteControl cleanup(ImageImport job, Context<ImageImport> context) {
    try (var log = LogContext.of(job)) {
      boolean running = transfers.status(job).filter(t -> t.outcome().isEmpty()).isPresent();
      if (running && !deletions.overdue(job)) {
        transfers.cancel(job);
        return DeleteControl.noFinalizerRemoval().rescheduleAfter(DeletionTimeout.LOOK_AGAIN);
      }
      transfers.discard(job);
      return DeleteControl.defaultDelete();
    }
  }

  private UpdateControl<ImageImport> begin(
      ImageImport job, ImportStatusCalculator next, Context<ImageImport> context) {
    Optional<Duration> wait = times(job).untilNextAttempt();
    if (wait.isPresent()) {
      return next.isObserved()
          ? again(wait.get())
          : write(job, next.unblocked(), context, wait.get());
    }
    ImportPlan plan = planner.plan(job, image(job), imports.ahead(job));
    if (plan instanceof ImportPlan.Hold hold) {
      return hold.failure().reason().recovery() == Reason.Recovery.TERMINAL
          ? write(job, next.failed(hold.failure()), context)
          : write(job, next.waiting(hold.failure()), context, times(job).untilLookup());
    }
    if (plan instanceof ImportPlan.Done) {
      return write(job, next.nothingToDo(), context);
    }
    if (!(plan instanceof ImportPlan.Go go)) {
      return again(FALLBACK);
    }
    if (!transfers.hold(job, go)) {
      return again(Duration.ZERO);
    }
    int attempt = next.nextAttempt();
    // The status comes before the transfer: every attempt that runs is counted.
    status.write(
        job,
        next.begun(attempt, go.request().targets().stream().map(Target::name).toList()),
        context);
    transfers.submit(job, go, attempt);
    return again(Duration.ZERO);
  }

  private UpdateControl<ImageImport> goOn(
      ImageImport job,
      ImportStatusCalculator next,
      TransferStatus transfer,
      Context<ImageImport> context) {
    Optional<QueuePlace> queue = transfer.queue();
    return queue.isPresent()
        ? write(job, next.queued(queue.get()), context, ImportTimes.untilQueueMoves(queue.get()))
        : write(
            job,
            next.running(transfer.progress()),
            context,
            times(job).untilSilence(transfer.progress(), FALLBACK));
  }

  private UpdateControl<ImageImport> end(
      ImageImport job,
      ImportStatusCalculator next,
      TransferStatus transfer,
      Context<ImageImport> context) {
    Outcome outcome = transfer.outcome().orElseThrow();
    ImageImportStatus written;
    findings.report(job, transfer);
    if (outcome instanceof Outcome.Stored stored) {
      written = next.succeeded(stored);
    } else if (outcome instanceof Outcome.Failed failed) {
      written = retry.after(job, next, failed.failure());
    } else if (times(job).overdue()) {
      written = next.failed(ImportTimes.deadlineExceeded(job));
    } else {
      transfers.forget(job);
      return again(Duration.ZERO);
    }
    status.write(job, ImportStatusCalculator.withSource(written, transfer.progress()), context);
    // After the status write: a retry of a failed write needs the outcome again.
    transfers.forget(job);
    return again(Duration.ofMillis(100));
  }

  private UpdateControl<ImageImport> suspend(
      ImageImport job,
      ImportStatusCalculator next,
      Optional<TransferStatus> transfer,
      Context<ImageImport> context) {
    if (transfer.isPresent() && transfer.get().outcome().isEmpty()) {
      transfers.suspend(job);
      return again(FALLBACK);
    }
    if (transfer
        .flatMap(TransferStatus::outcome)
        .filter(Outcome.Stored.class::isInstance)
        .isPresent()) {
      return end(job, next, transfer.get(), context);
    }
    transfers.forget(job);
    return write(job, next.waiting(Failure.of(Reason.SUSPENDED, "spec.suspend is true.")), context);
  }

  private UpdateControl<ImageImport> expire(ImageImport job, Context<ImageImport> context) {
    transfers.discard(job);
    Optional<Duration> left = times(job).untilExpiry();
    if (left.isEmpty()) {
      return UpdateControl.noUpdate();
    }
    if (!left.get().isNegative() && !left.get().isZero()) {
      return again(left.get());
    }
    context.getClient().resource(job).delete();
    return UpdateControl.noUpdate();
  }

  private UpdateControl<ImageImport> write(
      ImageImport job, ImageImportStatus written, Context<ImageImport> context) {
    return write(job, written, context, FALLBACK);
  }

  private UpdateControl<ImageImport> write(
      ImageImport job, ImageImportStatus written, Context<ImageImport> context, Duration fallback) {
    status.write(job, written, context);
    Duration left = times(job).untilDeadline().orElse(fallback);
    return again(left.compareTo(fallback) < 0 ? left : fallback);
  }

  private static UpdateControl<ImageImport> again(Duration after) {
    Duration shortest = Duration.ofMillis(50);
    return UpdateControl.<ImageImport>noUpdate()
        .rescheduleAfter(after.compareTo(shortest) < 0 ? shortest : after);
  }

  private Optional<Image> image(ImageImport job) {
    return image(ImportIndex.imageOf(job));
  }

  private Optional<Image> image(ResourceID id) {
    return images.get(id.getNamespace().orElse(null), id.getName());
  }

  private ImportTimes times(ImageImport job) {
    return new ImportTimes(job, clock, settings.referenceInterval());
  }
}
