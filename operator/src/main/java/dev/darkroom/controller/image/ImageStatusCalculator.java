package dev.darkroom.controller.image;

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
import dev.darkroom.controller.imageimport.ImportStatusCalculator;
import dev.darkroom.controller.support.Conditions;
import dev.darkroom.controller.support.ProgressReason;
import dev.darkroom.controller.support.Sizes;
import dev.darkroom.transfer.model.Reason;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Works out the next status of an Image from its present status and its import. Each method returns
 * a complete status and has no side effects.
 */
final class ImageStatusCalculator {

  static final String VERIFIED = "Verified";
  static final String REPLICATED = "Replicated";

  private static final String DONE = "Done";

  private final Image image;
  private final ImageStatus before;
  private final Clock clock;

  ImageStatusCalculator(Image image, Clock clock) {
    this.image = image;
    this.before = Objects.requireNonNullElseGet(image.getStatus(), ImageStatus::empty);
    this.clock = clock;
  }

  /** The image has bytes, and copies. */
  ImageStatus active(Replicas copies) {
    return active(next(), copies);
  }

  /** The image waits for an ImageImport that names it. */
  ImageStatus awaitingImport() {
    return pending(next(), ImagePhase.QUEUED, "0/" + Math.max(1, named()))
        .progress(ProgressReason.AWAITING_IMPORT.apiName())
        // An earlier import may have failed and been deleted.
        .importRef(null)
        .stores(List.of())
        .conditions(
            unverified()
                .resting(
                    ProgressReason.AWAITING_IMPORT.apiName(),
                    "The image has no source; it waits for an ImageImport that names it.")
                .list())
        .build();
  }

  /**
   * The status follows an import.
   *
   * @param asked the stores that shall have a copy
   */
  ImageStatus following(ImageImport job, List<String> asked) {
    ImageImportStatus status =
        Objects.requireNonNullElseGet(job.getStatus(), ImageImportStatus::empty);
    ImageStatusBuilder next = next().importRef(new ObjectReference(job.getMetadata().getName()));
    if (ImportStatusCalculator.succeeded(job)) {
      return active(
          stored(next, status.result()),
          new Replicas(status.stores(), asked, image.getSpec().minAvailable()));
    }
    String column = Objects.requireNonNullElse(status.column(), ProgressReason.QUEUED.apiName());
    int stores = status.stores().isEmpty() ? Math.max(1, named()) : status.stores().size();
    return pending(next, phase(status.phase()), "0/" + stores)
        .progress(column)
        .stores(status.stores())
        .conditions(mirrored(status).list())
        .build();
  }

  /** The image is being deleted, and the deletion waits. */
  ImageStatus deleting(String waitsFor) {
    return next()
        .phase(ImagePhase.DELETING)
        .progress(ProgressReason.DELETING.apiName())
        .conditions(conditions().reconciling(ProgressReason.DELETING.apiName(), waitsFor).list())
        .build();
  }

  private ImageStatus active(ImageStatusBuilder next, Replicas copies) {
    ImageStatus facts = next.build();
    String count = copies.good() + "/" + Math.max(copies.askedFor(), copies.good());
    boolean settled = copies.settled();
    ImagePhase phase = settled ? ImagePhase.ACTIVE : ImagePhase.DEGRADED;
    return ImageStatusBuilder.builder(facts)
        .phase(image.getSpec().deactivated() ? ImagePhase.DEACTIVATED : phase)
        .progress(settled ? DONE : reason(copies))
        .stores(copies.list())
        .summary(
            new ImageSummary(
                Sizes.of(facts.size()),
                facts.virtualSize() == null ? null : Sizes.of(facts.virtualSize()),
                count))
        .conditions(conditions(copies).list())
        .build();
  }

  /** A deactivated image is not Ready; its copies are maintained all the same. */
  private Conditions conditions(Replicas copies) {
    Conditions next = ofCopies(copies);
    return image.getSpec().deactivated()
        ? next.setFalse(
            Conditions.READY,
            Reason.IMAGE_DEACTIVATED.apiName(),
            "spec.deactivated is true: the record can be read, the bytes can't.")
        : next;
  }

  private Conditions ofCopies(Replicas copies) {
    Conditions next = conditions();
    String available = ProgressReason.AVAILABLE.apiName();
    if (copies.good() == 0) {
      return next.stalled(reason(copies), "No copy is good any more. " + sentence(copies))
          .setFalse(VERIFIED, reason(copies), "No copy has the verified bytes any more.")
          .setFalse(REPLICATED, reason(copies), counted(copies));
    }
    next.setTrue(
        VERIFIED,
        available,
        image.getSpec().checksum() == null && image.getSpec().checksumFrom() == null
            ? "Format and safety checks passed; no checksum was asked for."
            : "Checksum, format and safety checks passed.");
    if (copies.settled()) {
      return next.ready(available, whereAre(copies))
          .setTrue(REPLICATED, available, counted(copies));
    }
    if (copies.lacking().isEmpty()) {
      next.setTrue(REPLICATED, available, counted(copies) + " " + sentence(copies));
    } else {
      next.setFalse(REPLICATED, reason(copies), counted(copies) + " " + sentence(copies));
    }
    if (copies.good() >= copies.needed()) {
      // spec.minAvailable copies make the image Ready; the other copies follow.
      return next.ready(available, whereAre(copies));
    }
    return isFinal(copies)
        ? next.stalled(reason(copies), counted(copies) + " " + sentence(copies))
        : next.reconciling(reason(copies), counted(copies) + " " + sentence(copies));
  }

  private static boolean isFinal(Replicas copies) {
    return copies.trouble().filter(t -> t.ending() == Replicas.Ending.FINAL).isPresent();
  }

  /** The reason why copies are missing or unwanted. */
  private static String reason(Replicas copies) {
    if (copies.good() == 0) {
      boolean corrupt = copies.list().stream().anyMatch(c -> c.state() == CopyState.CORRUPT);
      return (corrupt ? Reason.COPY_CORRUPT : Reason.COPY_MISSING).apiName();
    }
    return copies
        .trouble()
        .map(Replicas.Trouble::reason)
        .orElse(ProgressReason.REPLICATING.apiName());
  }

  private static String sentence(Replicas copies) {
    if (copies.good() == 0) {
      return copies.list().stream()
          .map(copy -> "Store " + copy.name() + ": " + Objects.toString(copy.message(), "nothing."))
          .collect(Collectors.joining(" "));
    }
    return copies
        .trouble()
        .map(Replicas.Trouble::message)
        .orElseGet(
            () ->
                copies.lacking().isEmpty()
                    ? "Copies in stores that shall have none are removed: "
                        + String.join(", ", copies.unwanted())
                        + "."
                    : "Copies are being made in: " + String.join(", ", copies.lacking()) + ".");
  }

  private static String whereAre(Replicas copies) {
    List<String> good = copies.list().stream().map(StoreCopy::name).filter(copies::isGood).toList();
    String names = String.join(", ", good);
    if (copies.askedFor() <= 1 && good.size() == 1) {
      return "Verified bytes are in store " + names + ".";
    }
    return "Verified bytes are in "
        + good.size()
        + " of "
        + Math.max(copies.askedFor(), good.size())
        + " stores: "
        + names
        + ".";
  }

  private static String counted(Replicas copies) {
    int asked = copies.askedFor();
    int good = asked - copies.lacking().size();
    return good
        + " of "
        + asked
        + (asked == 1 ? " store holds" : " stores hold")
        + " a verified copy.";
  }

  private static ImageStatusBuilder stored(ImageStatusBuilder next, ImportResult result) {
    return next.digest(result.digest())
        .checksums(result.checksums())
        .size(result.size())
        .virtualSize(result.virtualSize())
        .diskFormat(result.diskFormat())
        .delivered(result.delivered());
  }

  private static ImageStatusBuilder pending(
      ImageStatusBuilder next, ImagePhase phase, String stores) {
    return next.phase(phase).summary(new ImageSummary(null, null, stores));
  }

  /** The conditions Ready, Reconciling and Stalled, with the messages of the import. */
  private Conditions mirrored(ImageImportStatus job) {
    Conditions next = unverified();
    Optional<Condition> ready = Conditions.find(job.conditions(), Conditions.READY);
    if (ready.isEmpty()) {
      return next.reconciling(ProgressReason.QUEUED.apiName(), "The import has not begun yet.");
    }
    String reason = ready.get().getReason();
    String message = ready.get().getMessage();
    if (Conditions.isTrue(job.conditions(), Conditions.STALLED)) {
      return next.stalled(reason, message);
    }
    if (Conditions.isTrue(job.conditions(), Conditions.RECONCILING)) {
      return next.reconciling(reason, message);
    }
    return next.resting(reason, message);
  }

  private Conditions unverified() {
    return conditions().drop(VERIFIED).drop(REPLICATED);
  }

  private Conditions conditions() {
    return Conditions.after(before.conditions(), image.getMetadata().getGeneration(), clock);
  }

  private ImageStatusBuilder next() {
    return ImageStatusBuilder.builder(before)
        .observedGeneration(image.getMetadata().getGeneration())
        .imageID(image.getMetadata().getUid());
  }

  private int named() {
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
