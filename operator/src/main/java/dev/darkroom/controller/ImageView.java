package dev.darkroom.controller;

import dev.darkroom.api.CopyState;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportStatus;
import dev.darkroom.api.ImagePhase;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.api.ImageStatusBuilder;
import dev.darkroom.api.ImageSummary;
import dev.darkroom.api.ImportPhase;
import dev.darkroom.api.ImportResult;
import dev.darkroom.api.ObjectReference;
import dev.darkroom.api.StoreCopy;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Works out what the status of an Image says next, from what it says now and from its import. Each
 * method gives a whole status; nothing here acts.
 */
final class ImageView {

  private static final String VERIFIED = "Verified";
  private static final String REPLICATED = "Replicated";
  private static final String PUBLISHED = "Published";
  private static final String DONE = "Done";

  private final Image image;
  private final ImageStatus before;
  private final Clock clock;

  ImageView(Image image, Clock clock) {
    this.image = image;
    this.before = Objects.requireNonNullElseGet(image.getStatus(), ImageStatus::empty);
    this.clock = clock;
  }

  /** Whether the image has bytes, which never change any more. */
  static boolean hasBytes(Image image) {
    return image.getStatus() != null && image.getStatus().digest() != null;
  }

  /** It has bytes: it stays as it is. */
  ImageStatus active() {
    return active(next(), before.stores());
  }

  /** It waits for an ImageImport that names it. */
  ImageStatus awaitingImport() {
    return pending(next(), ImagePhase.QUEUED, "0/" + Math.max(1, asked()))
        .progress(Progression.AWAITING_IMPORT.apiName())
        // There may have been one, which failed and was deleted.
        .importRef(null)
        .stores(List.of())
        .conditions(
            unverified()
                .resting(
                    Progression.AWAITING_IMPORT.apiName(),
                    "The image has no source; it waits for an ImageImport that names it.")
                .list())
        .build();
  }

  /** Its import says how it is. */
  ImageStatus following(ImageImport job) {
    ImageImportStatus status =
        Objects.requireNonNullElseGet(job.getStatus(), ImageImportStatus::empty);
    ImageStatusBuilder next = next().importRef(new ObjectReference(job.getMetadata().getName()));
    if (ImportStatus.succeeded(job)) {
      return active(stored(next, status.result(), status.stores()), status.stores());
    }
    String column = Objects.requireNonNullElse(status.column(), Progression.QUEUED.apiName());
    int stores = status.stores().isEmpty() ? Math.max(1, asked()) : status.stores().size();
    return pending(next, phase(status.phase()), "0/" + stores)
        .progress(column)
        .stores(status.stores())
        .conditions(mirrored(status).list())
        .build();
  }

  /** It goes away and waits for something. */
  ImageStatus deleting(String waitsFor) {
    return next()
        .phase(ImagePhase.DELETING)
        .progress(Progression.DELETING.apiName())
        .conditions(conditions().reconciling(Progression.DELETING.apiName(), waitsFor).list())
        .build();
  }

  private ImageStatus active(ImageStatusBuilder next, List<StoreCopy> copies) {
    String stores = copies.stream().map(StoreCopy::name).collect(Collectors.joining(", "));
    long available = copies.stream().filter(c -> c.state() == CopyState.AVAILABLE).count();
    String count = available + " of " + copies.size();
    ImageStatus facts = next.build();
    return ImageStatusBuilder.builder(facts)
        .phase(ImagePhase.ACTIVE)
        .progress(DONE)
        .summary(
            new ImageSummary(
                Sizes.of(facts.size()),
                facts.virtualSize() == null ? null : Sizes.of(facts.virtualSize()),
                available + "/" + copies.size()))
        .conditions(
            conditions()
                .ready(
                    Progression.AVAILABLE.apiName(),
                    "Verified bytes are in "
                        + (copies.size() == 1 ? "store " : count + " stores: ")
                        + stores
                        + ".")
                .setTrue(
                    VERIFIED,
                    Progression.AVAILABLE.apiName(),
                    image.getSpec().checksum() == null
                        ? "Format and safety checks passed; no checksum was asked for."
                        : "Checksum, format and safety checks passed.")
                .setTrue(
                    REPLICATED,
                    Progression.AVAILABLE.apiName(),
                    count
                        + (copies.size() == 1 ? " store holds" : " stores hold")
                        + " a verified copy.")
                .setFalse(PUBLISHED, "Private", "Only the image's own namespace may see it.")
                .list())
        .build();
  }

  private static ImageStatusBuilder stored(
      ImageStatusBuilder next, ImportResult result, List<StoreCopy> copies) {
    return next.digest(result.digest())
        .checksums(result.checksums())
        .size(result.size())
        .virtualSize(result.virtualSize())
        .diskFormat(result.diskFormat())
        .stores(copies);
  }

  private static ImageStatusBuilder pending(
      ImageStatusBuilder next, ImagePhase phase, String stores) {
    return next.phase(phase).summary(new ImageSummary(null, null, stores));
  }

  /** The trio as the import has it, with its own sentences. */
  private Conditions mirrored(ImageImportStatus job) {
    Conditions mine = unverified();
    Optional<Condition> ready = Conditions.find(job.conditions(), Conditions.READY);
    if (ready.isEmpty()) {
      return mine.reconciling(Progression.QUEUED.apiName(), "The import has not begun yet.");
    }
    String reason = ready.get().getReason();
    String message = ready.get().getMessage();
    if (Conditions.isTrue(job.conditions(), Conditions.STALLED)) {
      return mine.stalled(reason, message);
    }
    if (Conditions.isTrue(job.conditions(), Conditions.RECONCILING)) {
      return mine.reconciling(reason, message);
    }
    return mine.resting(reason, message);
  }

  private Conditions unverified() {
    return conditions()
        .drop(VERIFIED)
        .drop(REPLICATED)
        .setFalse(PUBLISHED, "Private", "Only the image's own namespace may see it.");
  }

  private Conditions conditions() {
    return Conditions.after(before.conditions(), image.getMetadata().getGeneration(), clock);
  }

  private ImageStatusBuilder next() {
    return ImageStatusBuilder.builder(before)
        .observedGeneration(image.getMetadata().getGeneration())
        .imageID(image.getMetadata().getUid());
  }

  private int asked() {
    return image.getSpec().stores().size();
  }

  private static ImagePhase phase(ImportPhase phase) {
    if (phase == null) {
      return ImagePhase.QUEUED;
    }
    return switch (phase) {
      case QUEUED -> ImagePhase.QUEUED;
      case FAILED -> ImagePhase.FAILED;
      default -> ImagePhase.IMPORTING;
    };
  }
}
