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
 * Makes copies be where they shall be, once an image has bytes: each store that lacks one gets an
 * import that makes it, and the copy of a store that shall have none is deleted when enough others
 * are good. Every call does what can be done now; the last good copy is never touched.
 */
public final class Replication {

  private final ImportsByImage imports;
  private final StoreAccess access;
  private final CopyFindings findings;
  private final CopyDeletion deletion;
  private final EventRecorder events;
  private final Clock clock;

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
   * Does what can be done now.
   *
   * @param own the image's own imports that make copies
   * @return how the copies are then
   */
  Replicas goOn(Image image, List<ImageImport> own) {
    Replicas copies =
        new Replicas(
            image.getStatus().stores(),
            askedWithThoseMadeByHand(image),
            image.getSpec().minAvailable());
    takeUpFindings(image, copies);
    List<ImageImport> useful = new ArrayList<>();
    for (ImageImport job : own) {
      if (ImportStatusCalculator.succeeded(job)) {
        takeUp(image, job, copies);
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

  /** Deletes the imports whose copies are made and told of, and those whose copies nobody wants. */
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

  /** An image that names no stores stays where it is: there too where somebody just put it. */
  private List<String> askedWithThoseMadeByHand(Image image) {
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

  private void takeUpFindings(Image image, Replicas copies) {
    Map<String, CopyFinding> found = findings.of(image.getMetadata().getUid());
    found.forEach(
        (store, finding) -> {
          CopyState before = copies.find(store).map(StoreCopy::state).orElse(null);
          copies.found(store, finding);
          StoreCopy after = copies.find(store).orElse(null);
          if (after != null && after.state() != before) {
            tell(image, finding, before, after);
          }
        });
  }

  private void tell(Image image, CopyFinding finding, CopyState before, StoreCopy after) {
    String about = "The copy in store " + after.name() + " ";
    if (after.state() == CopyState.CORRUPT) {
      tell(
          image,
          EventRecorder.Severity.WARNING,
          Reason.COPY_CORRUPT.apiName(),
          about + "is not what was verified: " + after.message());
    } else if (after.state() == CopyState.MISSING) {
      tell(
          image, EventRecorder.Severity.WARNING, Reason.COPY_MISSING.apiName(), about + "is gone.");
    } else if (finding instanceof CopyFinding.Made) {
      tell(
          image,
          EventRecorder.Severity.NORMAL,
          ProgressReason.COPY_MADE.apiName(),
          "Store " + after.name() + " holds a verified copy now.");
    } else if (before == CopyState.MISSING || before == CopyState.CORRUPT) {
      tell(
          image,
          EventRecorder.Severity.NORMAL,
          ProgressReason.COPY_FOUND.apiName(),
          about + "was verified; it is good.");
    }
  }

  /** Takes over the copies that a succeeded import has made. */
  private void takeUp(Image image, ImageImport job, Replicas copies) {
    for (StoreCopy made : job.getStatus().stores()) {
      if (made.state() == CopyState.AVAILABLE
          && copies.lacking().contains(made.name())
          && isNamed(job, image, made.name(), copies)) {
        copies.made(made);
        tell(
            image,
            EventRecorder.Severity.NORMAL,
            ProgressReason.COPY_MADE.apiName(),
            "Store " + made.name() + " holds a verified copy now.");
      }
    }
  }

  /** The import that makes the copy, if one can. */
  private Optional<ImageImport> fill(
      Image image, String store, List<ImageImport> own, Replicas copies) {
    if (copies.good() == 0) {
      return Optional.empty();
    }
    if (copies.isCorrupt(store)) {
      if (!copies.isProvenSince(clock.instant().minus(ScrubSchedule.PROOF))) {
        // Bad bytes may be better than none: the good ones are read first.
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
    tell(
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

  /** Whether it has ended well without a copy: it took the image for one that had it. */
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

  private void tell(Image image, EventRecorder.Severity severity, String reason, String message) {
    events.record(image, severity, reason, message);
  }
}
