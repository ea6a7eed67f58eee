package dev.darkroom.controller;

import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportStatus;
import dev.darkroom.api.ImageReference;
import dev.darkroom.transfer.Backoff;
import dev.darkroom.transfer.Failure;
import dev.darkroom.transfer.Outcome;
import dev.darkroom.transfer.Reason;
import dev.darkroom.transfer.Target;
import dev.darkroom.transfer.TransferStatus;
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
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Brings bytes in: starts a transfer when all it needs is there, tells how far it is, and decides
 * what follows its end. A finished import is left alone until its time is up.
 */
@ControllerConfiguration(
    name = "imageimport",
    finalizerName = ApiGroup.FINALIZER,
    generationAwareEventProcessing = true)
final class ImageImportReconciler implements Reconciler<ImageImport>, Cleaner<ImageImport> {

  /** Looks again this late when nothing woke it. */
  private static final Duration FALLBACK = Duration.ofSeconds(30);

  /** Looks again this soon at an image that has changed without our having seen it. */
  private static final Duration SOON = Duration.ofSeconds(1);

  /** Finds the imports that read an image. */
  private static final String BY_SOURCE = "source";

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  private final Workplace workplace;
  private final StatusWriter<ImageImportStatus, ImageImport> status;
  private final Backoff backoff = Backoff.defaults();
  private final TransferWakes wakes;
  private final SharingWakes sharing;
  private InformerEventSource<Image, ImageImport> images;
  private IndexerResourceCache<ImageImport> imports;
  private final ImportPlanner planner;

  ImageImportReconciler(
      Workplace workplace, TransferWakes wakes, Surroundings around, SharingWakes sharing) {
    this.workplace = workplace;
    this.status = new StatusWriter<>(workplace.events(), ImageImportStatus::conditions);
    this.wakes = wakes;
    this.sharing = sharing;
    this.planner =
        new ImportPlanner(
            workplace.access(),
            new ImportSources(workplace.sources(), workplace.stores(), around.links()));
  }

  @Override
  public List<EventSource<?, ImageImport>> prepareEventSources(
      EventSourceContext<ImageImport> context) {
    imports = context.getPrimaryCache();
    imports.addIndexers(Map.of(BY_SOURCE, ImageImportReconciler::sourceImage));
    images =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Image.class, ImageImport.class)
                .withSecondaryToPrimaryMapper(this::unfinishedOf)
                .withOnUpdateFilter(new ImportTriggers())
                .withNamespacesInheritedFromController()
                .build(),
            context);
    SimpleInboundEventSource<ImageImport> transfers = new SimpleInboundEventSource<>("transfers");
    wakes.deliverTo(transfers::propagateEvent);
    workplace.stores().whenChanged(() -> waiting().forEach(transfers::propagateEvent));
    SimpleInboundEventSource<ImageImport> sources = new SimpleInboundEventSource<>("sources");
    sharing.deliver(
        SharingWakes.Topic.SOURCE,
        image -> waitingFor(image).forEach(sources::propagateEvent));
    return List.of(images, transfers, sources);
  }

  @Override
  public UpdateControl<ImageImport> reconcile(ImageImport job, Context<ImageImport> context) {
    try (var log = LogContext.of(job)) {
      if (ImportStatus.finished(job)) {
        return expire(job);
      }
      ImportStatus next = new ImportStatus(job, workplace.clock());
      Optional<TransferStatus> transfer = workplace.transfers().status(id(job));
      if (job.getSpec().suspend()) {
        return suspend(job, next, transfer, context);
      }
      if (overdue(job) && transfer.flatMap(TransferStatus::outcome).isEmpty()) {
        workplace.transfers().cancel(id(job));
        return transfer.isPresent()
            ? again(FALLBACK)
            : write(job, next.failed(deadlineExceeded(job)), context);
      }
      if (transfer.isEmpty()) {
        return begin(job, next, context);
      }
      return transfer.get().outcome().isPresent()
          ? end(job, next, transfer.get(), context)
          : write(job, next.running(transfer.get().progress()), context);
    }
  }

  @Override
  public DeleteControl cleanup(ImageImport job, Context<ImageImport> context) {
    try (var log = LogContext.of(job)) {
      String id = id(job);
      boolean running =
          workplace.transfers().status(id).filter(t -> t.outcome().isEmpty()).isPresent();
      if (running && !Deletions.overdue(job, workplace)) {
        workplace.transfers().cancel(id);
        return DeleteControl.noFinalizerRemoval().rescheduleAfter(Deletions.LOOK_AGAIN);
      }
      workplace.transfers().discard(id);
      forget(job);
      wakes.forget(id);
      return DeleteControl.defaultDelete();
    }
  }

  private UpdateControl<ImageImport> begin(
      ImageImport job, ImportStatus next, Context<ImageImport> context) {
    Optional<Duration> wait = untilNextAttempt(job);
    if (wait.isPresent()) {
      return again(wait.get());
    }
    ImportPlan plan = planner.plan(job, image(job), ahead(job));
    if (plan instanceof ImportPlan.Hold hold) {
      return hold.failure().reason().recovery() == Reason.Recovery.TERMINAL
          ? write(job, next.failed(hold.failure()), context)
          : write(job, next.waiting(hold.failure()), context, patience(job));
    }
    if (plan instanceof ImportPlan.Done) {
      return write(job, next.nothingToDo(), context);
    }
    if (!(plan instanceof ImportPlan.Go go)) {
      return again(job.getSpec().copy() == null ? FALLBACK : SOON);
    }
    if (!workplace.stores().hold(id(job), go.stores())) {
      return again(Duration.ZERO);
    }
    int attempt = next.nextAttempt();
    // First the status, then the transfer: an attempt that runs is one that was counted.
    status.write(
        job,
        next.begun(attempt, go.request().targets().stream().map(Target::name).toList()),
        context);
    wakes.expect(id(job), ResourceID.fromResource(job));
    workplace.transfers().submit(id(job), go.request(), LogContext.of(job, attempt));
    return again(FALLBACK);
  }

  private UpdateControl<ImageImport> end(
      ImageImport job, ImportStatus next, TransferStatus transfer, Context<ImageImport> context) {
    Outcome outcome = transfer.outcome().orElseThrow();
    ImageImportStatus written;
    if (outcome instanceof Outcome.Stored stored) {
      tellImage(job, stored);
      written = next.succeeded(stored);
    } else if (outcome instanceof Outcome.Failed failed) {
      written = afterFailure(job, next, failed.failure());
    } else if (overdue(job)) {
      written = next.failed(deadlineExceeded(job));
    } else {
      forget(job);
      return again(Duration.ZERO);
    }
    status.write(job, ImportStatus.withSource(written, transfer.progress()), context);
    // Only now: had the write failed, the outcome would be needed again.
    forget(job);
    return again(Duration.ofMillis(100));
  }

  /** The image follows the imports that it owns, but not those that somebody made by hand. */
  private void tellImage(ImageImport job, Outcome.Stored stored) {
    Optional<Image> image = image(job);
    if (job.getSpec().copy() == null || image.isEmpty() || OwnImport.isOwn(image.get(), job)) {
      return;
    }
    Instant now = workplace.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    stored
        .copies()
        .forEach(
            (store, blob) ->
                workplace
                    .findings()
                    .tell(
                        image.get().getMetadata().getUid(),
                        ResourceID.fromResource(image.get()),
                        store,
                        new CopyFinding.Made(now, blob.size())));
  }

  private ImageImportStatus afterFailure(ImageImport job, ImportStatus next, Failure failure) {
    int attempts = job.getStatus() == null ? 1 : Math.max(1, job.getStatus().attempts());
    if (failure.reason().recovery() == Reason.Recovery.TERMINAL) {
      return next.failed(failure);
    }
    if (attempts > job.getSpec().backoffLimit()) {
      return next.failed(
          Failure.of(
              Reason.BACKOFF_LIMIT_EXCEEDED,
              "Given up after "
                  + attempts
                  + (attempts == 1 ? " attempt" : " attempts")
                  + "; the last one: "
                  + failure.reason().apiName()
                  + ": "
                  + failure.message()));
    }
    return next.retrying(
        failure, backoff.after(attempts, failure.retryAfter(), RandomGenerator.getDefault()));
  }

  private UpdateControl<ImageImport> suspend(
      ImageImport job,
      ImportStatus next,
      Optional<TransferStatus> transfer,
      Context<ImageImport> context) {
    if (transfer.isPresent() && transfer.get().outcome().isEmpty()) {
      workplace.transfers().suspend(id(job));
      return again(FALLBACK);
    }
    if (transfer
        .flatMap(TransferStatus::outcome)
        .filter(Outcome.Stored.class::isInstance)
        .isPresent()) {
      return end(job, next, transfer.get(), context);
    }
    forget(job);
    return write(job, next.waiting(Failure.of(Reason.SUSPENDED, "spec.suspend is true.")), context);
  }

  private UpdateControl<ImageImport> expire(ImageImport job) {
    workplace.transfers().discard(id(job));
    forget(job);
    wakes.forget(id(job));
    Long ttl = job.getSpec().ttlSecondsAfterFinished();
    if (ttl == null) {
      return UpdateControl.noUpdate();
    }
    Instant end = Instant.parse(job.getStatus().completionTime()).plusSeconds(ttl);
    Duration left = Duration.between(workplace.clock().instant(), end);
    if (!left.isNegative() && !left.isZero()) {
      return again(left);
    }
    workplace.client().resource(job).delete();
    return UpdateControl.noUpdate();
  }

  private Optional<Duration> untilNextAttempt(ImageImport job) {
    return Optional.ofNullable(job.getStatus())
        .map(ImageImportStatus::nextAttemptAt)
        .map(at -> Duration.between(workplace.clock().instant(), Instant.parse(at)))
        .filter(wait -> !wait.isNegative() && !wait.isZero());
  }

  private boolean overdue(ImageImport job) {
    return deadline(job).filter(at -> !workplace.clock().instant().isBefore(at)).isPresent();
  }

  private static Optional<Instant> deadline(ImageImport job) {
    if (job.getSpec().activeDeadlineSeconds() == null
        || job.getStatus() == null
        || job.getStatus().startTime() == null) {
      return Optional.empty();
    }
    return Optional.of(
        Instant.parse(job.getStatus().startTime())
            .plusSeconds(job.getSpec().activeDeadlineSeconds()));
  }

  private static Failure deadlineExceeded(ImageImport job) {
    return Failure.of(
        Reason.DEADLINE_EXCEEDED,
        "The import did not end within "
            + job.getSpec().activeDeadlineSeconds()
            + " seconds of its start.");
  }

  /** What is awaited may be something that there is no word of: Secrets are not watched. */
  private Duration patience(ImageImport job) {
    Duration least = workplace.settings().referenceInterval();
    Duration waited =
        Duration.between(
            Instant.parse(job.getMetadata().getCreationTimestamp()), workplace.clock().instant());
    Duration patience = waited.dividedBy(8);
    if (patience.compareTo(least) < 0) {
      return least;
    }
    return patience.compareTo(LONGEST_WAIT) < 0 ? patience : LONGEST_WAIT;
  }

  /** Lets go of a transfer that has ended, and of the stores that it used. */
  private void forget(ImageImport job) {
    boolean known = workplace.transfers().forget(id(job));
    if (known || workplace.transfers().status(id(job)).isEmpty()) {
      workplace.stores().release(id(job));
    }
  }

  private UpdateControl<ImageImport> write(
      ImageImport job, ImageImportStatus written, Context<ImageImport> context) {
    return write(job, written, context, FALLBACK);
  }

  private UpdateControl<ImageImport> write(
      ImageImport job, ImageImportStatus written, Context<ImageImport> context, Duration fallback) {
    status.write(job, written, context);
    Duration next = fallback;
    Optional<Instant> deadline = deadline(job);
    if (deadline.isPresent()) {
      Duration left = Duration.between(workplace.clock().instant(), deadline.get());
      next = left.compareTo(next) < 0 ? left : next;
    }
    return again(next);
  }

  private static UpdateControl<ImageImport> again(Duration after) {
    Duration shortest = Duration.ofMillis(50);
    return UpdateControl.<ImageImport>noUpdate()
        .rescheduleAfter(after.compareTo(shortest) < 0 ? shortest : after);
  }

  private Optional<Image> image(ImageImport job) {
    return images.get(
        new ResourceID(job.getSpec().imageRef().name(), job.getMetadata().getNamespace()));
  }

  /** The oldest unfinished import of the same image, unless it is this one. */
  private Optional<ImageImport> ahead(ImageImport job) {
    return imports
        .list(
            job.getMetadata().getNamespace(),
            other ->
                other.getSpec().imageRef().equals(job.getSpec().imageRef())
                    && other.getSpec().copy() == null
                    && !ImportStatus.finished(other)
                    && !other.getSpec().suspend())
        .min(
            Comparator.comparing((ImageImport other) -> other.getMetadata().getCreationTimestamp())
                .thenComparing(other -> other.getMetadata().getName()))
        .filter(first -> !first.getMetadata().getUid().equals(job.getMetadata().getUid()));
  }

  private Set<ResourceID> unfinishedOf(Image image) {
    return imports
        .list(
            image.getMetadata().getNamespace(),
            job -> concerns(job, image.getMetadata().getName()) && !ImportStatus.finished(job))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  private static boolean concerns(ImageImport job, String image) {
    return job.getSpec().imageRef().name().equals(image);
  }

  /** Imports that read an image, or would like to. */
  private Set<ResourceID> waitingFor(ResourceID image) {
    return imports
        .byIndex(BY_SOURCE, image.getNamespace().orElse("") + "/" + image.getName())
        .stream()
        .filter(job -> !ImportStatus.finished(job))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  private static List<String> sourceImage(ImageImport job) {
    ImageReference reference = job.getSpec().image();
    return reference == null
        ? List.of()
        : List.of(
            reference.namespaceOr(job.getMetadata().getNamespace()) + "/" + reference.name());
  }

  private Set<ResourceID> waiting() {
    return imports
        .list(job -> !ImportStatus.finished(job))
        .filter(job -> workplace.transfers().status(id(job)).isEmpty())
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  private static String id(ImageImport job) {
    return job.getMetadata().getUid();
  }
}
