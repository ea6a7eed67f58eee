package dev.darkroom.controller.imageimport;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.controller.store.CopyFinding;
import dev.darkroom.controller.store.CopyFindings;
import dev.darkroom.transfer.model.CopyHealth;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.TransferStatus;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;

/** Reports what the end of a transfer shows about copies of images. */
final class TransferFindings {

  private final CopyFindings findings;
  private final Clock clock;
  private final Function<ResourceID, Optional<Image>> images;

  /**
   * Reports nothing yet.
   *
   * @param images looks up an Image
   */
  TransferFindings(
      CopyFindings findings, Clock clock, Function<ResourceID, Optional<Image>> images) {
    this.findings = findings;
    this.clock = clock;
    this.images = images;
  }

  /** Reports the end of the transfer of an import. */
  void report(ImageImport job, TransferStatus transfer) {
    source(job).ifPresent(image -> reportSources(image, transfer));
    if (transfer.outcome().orElseThrow() instanceof Outcome.Stored stored) {
      reportCopies(job, stored);
    }
  }

  /** Reports source copies that were corrupt or missing when they were read. */
  private void reportSources(Image image, TransferStatus transfer) {
    transfer
        .sources()
        .forEach(
            (store, health) -> {
              if (health instanceof CopyHealth.Corrupt corrupt) {
                report(image, store, new CopyFinding.Corrupt(corrupt.found()));
              } else if (health instanceof CopyHealth.Missing) {
                report(image, store, new CopyFinding.Missing());
              }
            });
  }

  /** Reports new copies of an import that its Image does not own: the Image does not read it. */
  private void reportCopies(ImageImport job, Outcome.Stored stored) {
    Optional<Image> image = named(job, job.getSpec().imageRef().name());
    if (job.getSpec().copy() == null
        || image.isEmpty()
        || ImageImportFactory.isOwn(image.get(), job)) {
      return;
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    stored
        .copies()
        .forEach(
            (store, blob) -> report(image.get(), store, new CopyFinding.Made(now, blob.size())));
  }

  /** The image whose copies were read; empty when no copy was read. */
  private Optional<Image> source(ImageImport job) {
    if (job.getSpec().copy() != null) {
      return named(job, job.getSpec().imageRef().name());
    }
    return Optional.ofNullable(job.getSpec().image())
        .flatMap(
            ref ->
                images.apply(
                    new ResourceID(ref.name(), ref.namespaceOr(job.getMetadata().getNamespace()))));
  }

  private Optional<Image> named(ImageImport job, String name) {
    return images.apply(new ResourceID(name, job.getMetadata().getNamespace()));
  }

  private void report(Image image, String store, CopyFinding finding) {
    findings.tell(image.getMetadata().getUid(), ResourceID.fromResource(image), store, finding);
  }
}
