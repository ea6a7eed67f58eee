package dev.darkroom.controller.image;

import dev.darkroom.api.CopyState;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.controller.imageimport.ImageImportFactory;
import dev.darkroom.controller.imageimport.ImportStatusCalculator;
import dev.darkroom.controller.store.CopyDeletion;
import dev.darkroom.controller.store.CopyFinding;
import dev.darkroom.controller.store.CopyFindings;
import dev.darkroom.controller.store.StoreAccess;
import dev.darkroom.controller.support.EventRecorder;
import dev.darkroom.controller.support.ProgressReason;
import dev.darkroom.transfer.model.Reason;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Replicates the bytes of an image: creates an import for each store that lacks a copy, and deletes
 * the copy in a store that shall have none once enough other copies are verified. Each call does
 * the next possible steps. The last verified copy is never deleted.
 */
public final class Replication {

  private final ImportsByImage imports;
  private final StoreAccess access;
  private final CopyFindings findings;
  private final CopyDeletion deletion;
  private final EventRecorder events;
  private final Clock clock;

  /** Creates and deletes imports and copies. */
  public Replication(
      ImportsByImage imports,
      StoreAccess access,
      CopyFindings findings,
      CopyDeletion deletion,
      EventRecorder events,
      Clock clock) {
    this.imports = imports;
    this.access = access;
    this.findings = findings;
    this.deletion = deletion;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Does the next possible steps.
   *
   * @param own the image's own imports that make copies
   * @return the copies after these steps
   */
  Replicas goOn(Image image, List<ImageImport> own) {
    Replicas copies =
        new Replicas(
            image.getStatus().stores(), askedAndMadeByHand(image), image.getSpec().minAvailable());
    applyFindings(image, copies);
    List<ImageImport> useful = new ArrayList<>();
    for (ImageImport job : own) {
      if (ImportStatusCalculator.succeeded(job)) {
        takeOver(image, job, copies);
      }
    }
    for (String store : copies.lacking()) {
      fill(image, store, own, copies).ifPresent(useful::add);
    }
    List<ImageImport> useless =
        own.stream().filter(job -> useful.stream().noneMatch(u -> same(u, job))).toList();
    for (String store : copies.unwanted()) {
      if (copies.mayLose(store) && useless.stream().noneMatch(job -> isFor(job, store))) {
        remove(image, store, copies);
      }
    }
    return copies;
  }

  /** Deletes the imports that are not needed: the copy is in the status, or is not wanted. */
  void tidy(Image image, List<ImageImport> own, Replicas copies) {
    for (ImageImport job : own) {
      boolean useful =
          copies.lacking().stream()
              .anyMatch(store -> isNamed(job, image, store, copies) && !isVain(job, store));
      if (!useful) {
        imports.delete(job);
      }
    }
  }

  /** The wanted stores; for an image that names none, also those of copies made by hand. */
  private List<String> askedAndMadeByHand(Image image) {
    List<String> asked = access.asked(image);
    if (!image.getSpec().stores().isEmpty() || image.getSpec().allStores()) {
      return asked;
    }
    Set<String> names = new LinkedHashSet<>(asked);
    findings
        .of(image.getMetadata().getUid())
        .forEach(
            (store, finding) -> {
              if (finding instanceof CopyFinding.Made) {
                names.add(store);
              }
            });
    return List.copyOf(names);
  }

  private void applyFindings(Image image, Replicas copies) {
    Map<String, CopyFinding> found = findings.of(image.getMetadata().getUid());
    found.forEach(
        (store, finding) -> {
          CopyState before = copies.find(store).map(StoreCopy::state).orElse(null);
          copies.found(store, finding);
          StoreCopy after = copies.find(store).orElse(null);
          if (after != null && after.state() != before) {
            record(image, finding, before, after);
          }
        });
  }

  private void record(Image image, CopyFinding finding, CopyState before, StoreCopy after) {
    String about = "The copy in store " + after.name() + " ";
    if (after.state() == CopyState.CORRUPT) {
      record(
          image,
          EventRecorder.Severity.WARNING,
          Reason.COPY_CORRUPT.apiName(),
          about + "is not what was verified: " + after.message());
    } else if (after.state() == CopyState.MISSING) {
      record(
          image, EventRecorder.Severity.WARNING, Reason.COPY_MISSING.apiName(), about + "is gone.");
    } else if (finding instanceof CopyFinding.Made) {
      record(
          image,
          EventRecorder.Severity.NORMAL,
          ProgressReason.COPY_MADE.apiName(),
          "Store " + after.name() + " holds a verified copy now.");
    } else if (before == CopyState.MISSING || before == CopyState.CORRUPT) {
      record(
          image,
          EventRecorder.Severity.NORMAL,
          ProgressReason.COPY_FOUND.apiName(),
          about + "was verified; it is good.");
    }
  }

  /** Takes over the copies that a succeeded import has made. */
  private void takeOver(Image image, ImageImport job, Replicas copies) {
    for (StoreCopy made : job.getStatus().stores()) {
      if (made.state() == CopyState.AVAILABLE
          && copies.lacking().contains(made.name())
          && isNamed(job, image, made.name(), copies)) {
        copies.made(made);
        record(
            image,
            EventRecorder.Severity.NORMAL,
            ProgressReason.COPY_MADE.apiName(),
            "Store " + made.name() + " holds a verified copy now.");
      }
    }
  }

  /** The import that makes the copy; empty when it can not be made now. */
  private Optional<ImageImport> fill(
      Image image, String store, List<ImageImport> own, Replicas copies) {
    if (copies.good() == 0) {
      return Optional.empty();
    }
    if (copies.isCorrupt(store)) {
      if (!copies.isProvenSince(clock.instant().minus(ScrubSchedule.PROOF))) {
        // The corrupt copy is kept until a good copy has been read in full.
        return Optional.empty();
      }
      CopyDeletion.State state = deletion.goOn(image, store);
      if (state instanceof CopyDeletion.State.Waiting waiting) {
        copies.say(
            store,
            new Replicas.Trouble(
                Reason.COPY_CORRUPT.apiName(), waiting.sentence(), Replicas.Ending.PASSING));
        return Optional.empty();
      }
      copies.cleared(store);
    }
    // An import of that name which is being deleted is followed until another one can be created.
    String name = ImageImportFactory.nameOfCopy(image, store, copies.verifiedAt(store));
    ImageImport job =
        own.stream()
            .filter(known -> known.getMetadata().getName().equals(name))
            .findFirst()
            .orElseGet(
                () ->
                    imports.create(
                        ImageImportFactory.copy(image, store, copies.verifiedAt(store))));
    if (!ImportStatusCalculator.succeeded(job)) {
      copies.following(store, job);
    }
    return Optional.of(job);
  }

  private void remove(Image image, String store, Replicas copies) {
    CopyDeletion.State state = deletion.goOn(image, store);
    if (state instanceof CopyDeletion.State.Waiting waiting) {
      copies.say(
          store,
          new Replicas.Trouble(
              ProgressReason.REPLICATING.apiName(), waiting.sentence(), Replicas.Ending.PASSING));
      return;
    }
    copies.gone(store);
    record(
        image,
        EventRecorder.Severity.NORMAL,
        ProgressReason.COPY_REMOVED.apiName(),
        state instanceof CopyDeletion.State.NoStore
            ? "There is no ImageStore " + store + " any more; what it held is left there."
            : "The copy in store " + store + " was removed; the image does not ask for it.");
  }

  private static boolean isNamed(ImageImport job, Image image, String store, Replicas copies) {
    return job.getMetadata().getDeletionTimestamp() == null
        && job.getMetadata()
            .getName()
            .equals(ImageImportFactory.nameOfCopy(image, store, copies.verifiedAt(store)));
  }

  /** Whether an import has succeeded without making the copy, because the copy existed then. */
  private static boolean isVain(ImageImport job, String store) {
    return ImportStatusCalculator.succeeded(job)
        && job.getStatus().stores().stream()
            .noneMatch(copy -> copy.name().equals(store) && copy.state() == CopyState.AVAILABLE);
  }

  private static boolean isFor(ImageImport job, String store) {
    return job.getSpec().stores().contains(store);
  }

  private static boolean same(ImageImport one, ImageImport other) {
    return Objects.equals(one.getMetadata().getUid(), other.getMetadata().getUid());
  }

  private void record(Image image, EventRecorder.Severity severity, String reason, String message) {
    events.record(image, severity, reason, message);
  }
}
