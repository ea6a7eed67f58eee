package dev.darkroom.controller;

import dev.darkroom.access.Grant;
import dev.darkroom.access.Links;
import dev.darkroom.access.Sharing;
import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImagePhase;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.api.ImageStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
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
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Sees to it that an Image with a source has the import that its source asks for, says how that
 * import is, and keeps what it found; a link has none, and says how its root is. When the Image
 * goes, so do its bytes, unless they are to stay.
 */
@ControllerConfiguration(
    name = "image",
    finalizerName = ApiGroup.FINALIZER,
    generationAwareEventProcessing = false,
    informer = @Informer(onUpdateFilter = ImageChanges.class))
final class ImageReconciler implements Reconciler<Image>, Cleaner<Image> {

  /** Looks again this late when nothing woke it and copies are not where they shall be. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

  private final Workplace workplace;
  private final StatusWriter<ImageStatus, Image> status;
  private final CopyRemoval removal;
  private final Replication replication;
  private final Scrub scrub;
  private final Surroundings around;
  private final SharingWakes wakes;
  private final LinkStatus links;
  private final SimpleInboundEventSource<Image> copies = new SimpleInboundEventSource<>("copies");
  private InformerEventSource<ImageImport, Image> imports;
  private IndexerResourceCache<Image> images;

  ImageReconciler(Workplace workplace, Scrub scrub, Surroundings around, SharingWakes wakes) {
    this.workplace = workplace;
    this.scrub = scrub;
    this.around = around;
    this.wakes = wakes;
    this.links = new LinkStatus(around.links(), workplace.clock());
    this.status = new StatusWriter<>(workplace.events(), ImageStatus::conditions);
    CopyDeletion deletion = new CopyDeletion(workplace, copies::propagateEvent);
    this.removal = new CopyRemoval(workplace, deletion);
    this.replication = new Replication(workplace, deletion);
  }

  @Override
  public List<EventSource<?, Image>> prepareEventSources(EventSourceContext<Image> context) {
    images = context.getPrimaryCache();
    imports =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(ImageImport.class, Image.class)
                .withSecondaryToPrimaryMapper(
                    job ->
                        Set.of(
                            new ResourceID(
                                job.getSpec().imageRef().name(), job.getMetadata().getNamespace())))
                .withNamespacesInheritedFromController()
                .withItemStore(LeanStore.<ImageImport>with(workplace.settings()).orElse(null))
                .build(),
            context);
    workplace.findings().deliverTo(copies::propagateEvent);
    workplace.stores().whenChanged(() -> unsettled().forEach(copies::propagateEvent));
    SimpleInboundEventSource<Image> sharing = new SimpleInboundEventSource<>("sharing");
    wakes.deliver(SharingWakes.Topic.IMAGE, sharing::propagateEvent);
    return List.of(imports, copies, sharing);
  }

  @Override
  public UpdateControl<Image> reconcile(Image image, Context<Image> context) {
    try (var log = LogContext.of(image)) {
      if (Links.isLink(image)) {
        unfinishedOwn(image).forEach(this::delete);
        write(image, links.of(image), context);
        return UpdateControl.noUpdate();
      }
      if (ImageFacts.hasBytes(image)) {
        return replicate(image, context);
      }
      ImageView next = new ImageView(image, workplace.clock());
      Optional<ImageImport> job = currentImport(image);
      List<String> asked = workplace.access().asked(image);
      ImageStatus written =
          job.map(found -> next.following(found, asked)).orElseGet(next::awaitingImport);
      write(image, written, context);
      return written.digest() == null ? UpdateControl.noUpdate() : soon();
    }
  }

  /** The image has bytes, for good: what is left is where its copies are. */
  private UpdateControl<Image> replicate(Image image, Context<Image> context) {
    String uid = image.getMetadata().getUid();
    Map<String, CopyFinding> findings = workplace.findings().of(uid);
    List<ImageImport> jobs = copyImportsOf(image);
    Replicas copies = replication.goOn(image, jobs);
    ImageStatus written = new ImageView(image, workplace.clock()).active(copies);
    write(
        image,
        ImageStatusBuilder.builder(written)
            .observedScrub(scrub.answered(image).orElse(null))
            .build(),
        context);
    // Only now: had the write failed, they would be needed again.
    workplace.findings().takenUp(uid, findings);
    replication.tidy(image, jobs, copies);
    Duration untilScrub = scrub.goOn(image);
    return UpdateControl.<Image>noUpdate()
        .rescheduleAfter(
            copies.settled() || untilScrub.compareTo(LOOK_AGAIN) < 0 ? untilScrub : LOOK_AGAIN);
  }

  private void write(Image image, ImageStatus next, Context<Image> context) {
    Sharing sharing = around.sharing(image);
    int leftOut = around.grant(sharing).map(Grant::leftOut).orElse(0);
    status.write(image, PublishedView.on(next, sharing, leftOut, workplace.clock()), context);
  }

  private static UpdateControl<Image> soon() {
    return UpdateControl.<Image>noUpdate().rescheduleAfter(Duration.ofMillis(50));
  }

  /** Images with bytes for whose copies another store, or another state of one, matters. */
  private Set<ResourceID> unsettled() {
    return images
        .list(
            image ->
                ImageFacts.hasBytes(image)
                    && (image.getSpec().allStores()
                        || image.getStatus().phase() != ImagePhase.ACTIVE))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  @Override
  public DeleteControl cleanup(Image image, Context<Image> context) {
    try (var log = LogContext.of(image)) {
      Optional<String> waitsFor =
          deleteImports(image)
              .or(() -> Links.isLink(image) ? Optional.empty() : removal.waitsFor(image));
      if (waitsFor.isEmpty()) {
        scrub.forget(image);
        return DeleteControl.defaultDelete();
      }
      status.write(
          image, new ImageView(image, workplace.clock()).deleting(waitsFor.get()), context);
      return DeleteControl.noFinalizerRemoval().rescheduleAfter(Deletions.LOOK_AGAIN);
    }
  }

  /**
   * The import whose state is the image's: its own, or of those that name it the one that counts.
   */
  private Optional<ImageImport> currentImport(Image image) {
    List<ImageImport> all =
        importsOf(image).stream().filter(job -> job.getSpec().copy() == null).toList();
    if (image.getSpec().source() == null) {
      return all.stream()
          .filter(ImportStatus::succeeded)
          .findFirst()
          .or(() -> all.stream().filter(job -> !ImportStatus.finished(job)).findFirst())
          .or(() -> all.stream().reduce((earlier, later) -> later));
    }
    List<ImageImport> stale =
        unfinishedOwn(image).stream()
            .filter(job -> !OwnImport.isNamed(image, job.getMetadata().getName()))
            .toList();
    stale.forEach(this::delete);
    return all.stream()
        .filter(job -> OwnImport.isNamed(image, job.getMetadata().getName()))
        .findFirst()
        // Two transfers of one image would write to the same place: first the old one goes.
        .or(() -> stale.isEmpty() ? Optional.of(create(image)) : stale.stream().findFirst());
  }

  private List<ImageImport> unfinishedOwn(Image image) {
    return importsOf(image).stream()
        .filter(job -> job.getSpec().copy() == null)
        .filter(job -> OwnImport.isOwn(image, job) && !ImportStatus.finished(job))
        .toList();
  }

  private ImageImport create(Image image) {
    ImageImport wanted = OwnImport.of(image);
    try {
      return workplace.client().resource(wanted).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      // The cache is behind.
      return workplace.client().resource(wanted).get();
    }
  }

  /**
   * Deletes the imports of an image that goes, those made by hand too, which nobody else collects;
   * says which unfinished one it waits for.
   */
  private Optional<String> deleteImports(Image image) {
    List<ImageImport> all = importsOf(image);
    all.forEach(this::delete);
    List<ImageImport> unfinished = all.stream().filter(job -> !ImportStatus.finished(job)).toList();
    return Deletions.overdue(image, workplace)
        ? Optional.empty()
        : unfinished.stream()
            .findFirst()
            .map(job -> "ImageImport " + job.getMetadata().getName() + " is being cancelled.");
  }

  private void delete(ImageImport job) {
    if (job.getMetadata().getDeletionTimestamp() == null) {
      workplace.client().resource(job).delete();
    }
  }

  private List<ImageImport> importsOf(Image image) {
    return imports
        .list(
            image.getMetadata().getNamespace(),
            job -> job.getSpec().imageRef().name().equals(image.getMetadata().getName()))
        .sorted(
            Comparator.comparing((ImageImport job) -> job.getMetadata().getCreationTimestamp())
                .thenComparing(job -> job.getMetadata().getName()))
        .toList();
  }

  private List<ImageImport> copyImportsOf(Image image) {
    return importsOf(image).stream()
        .filter(job -> job.getSpec().copy() != null && OwnImport.isOwn(image, job))
        .toList();
  }
}
