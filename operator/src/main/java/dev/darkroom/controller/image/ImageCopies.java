package dev.darkroom.controller.image;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.controller.store.CopyFinding;
import dev.darkroom.controller.store.CopyFindings;
import dev.darkroom.controller.store.StoreAccess;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps the copies of images: makes missing copies, removes unwanted ones, scrubs them, and removes
 * all copies of an image that is deleted.
 */
public final class ImageCopies {

  /**
   * One pass over the copies of an image.
   *
   * @param imports the image's own imports that make copies
   * @param replicas the copies as the status is to state them
   * @param findings that the pass has taken into account
   */
  record Pass(
      Image image,
      List<ImageImport> imports,
      Replicas replicas,
      Map<String, CopyFinding> findings) {}

  private final StoreAccess access;
  private final CopyFindings findings;
  private final Replication replication;
  private final CopyRemoval removal;
  private final ScrubSchedule scrub;

  /** Combines replication, removal and scrubs. */
  public ImageCopies(
      StoreAccess access,
      CopyFindings findings,
      Replication replication,
      CopyRemoval removal,
      ScrubSchedule scrub) {
    this.access = access;
    this.findings = findings;
    this.replication = replication;
    this.removal = removal;
    this.scrub = scrub;
  }

  /**
   * Registers listeners.
   *
   * @param images receives each image whose copies have news
   * @param storeChanged runs when a store changes
   */
  void listen(Consumer<ResourceID> images, Runnable storeChanged) {
    findings.deliverTo(images);
    access.whenStoresChange(storeChanged);
  }

  /** The names of the stores that shall hold the image. */
  List<String> asked(Image image) {
    return access.asked(image);
  }

  /**
   * Makes and removes copies, as far as possible now. The caller writes the status next, and then
   * calls {@link #end}.
   */
  Pass begin(Image image, List<ImageImport> imports) {
    Map<String, CopyFinding> found = findings.of(image.getMetadata().getUid());
    return new Pass(image, imports, replication.goOn(image, imports), found);
  }

  /**
   * Ends a pass whose status is written: forgets the findings, deletes imports that are done, and
   * starts the scrubs that are due.
   *
   * @return the time until the next scrub
   */
  Duration end(Pass pass) {
    findings.takenUp(pass.image().getMetadata().getUid(), pass.findings());
    replication.tidy(pass.image(), pass.imports(), pass.replicas());
    return scrub.goOn(pass.image());
  }

  /** The value of the scrub annotation that all copies have been read for, old or new. */
  Optional<String> answeredScrub(Image image) {
    return scrub.answered(image);
  }

  /**
   * Removes the copies of an image that is deleted.
   *
   * @return the sentence that names what the removal waits for; empty when the image may go
   */
  Optional<String> remove(Image image) {
    return removal.waitsFor(image);
  }

  /** Cancels the scrubs of an image that is gone. */
  void forget(Image image) {
    scrub.forget(image);
  }
}
