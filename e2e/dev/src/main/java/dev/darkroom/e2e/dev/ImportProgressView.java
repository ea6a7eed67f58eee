package dev.darkroom.e2e.dev;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportStatus;
import dev.darkroom.api.ImportProgress;
import dev.darkroom.e2e.dev.terminal.ImageProgress;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Finishing;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Ready;
import dev.darkroom.e2e.dev.terminal.ImageProgress.State;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Stopped;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Transferring;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Converts images and imports to display states. */
final class ImportProgressView {

  private ImportProgressView() {}

  /** The progress of all images, oldest first. */
  static List<ImageProgress> of(LiveObjects objects) {
    return objects.images().stream()
        .filter(image -> image.getMetadata().getDeletionTimestamp() == null)
        .map(image -> new ImageProgress(nameOf(image), state(image, objects.importOf(image))))
        .toList();
  }

  /** The name of the image, with its namespace unless it is {@code default}. */
  static String nameOf(Image image) {
    String namespace = image.getMetadata().getNamespace();
    String name = image.getMetadata().getName();
    return "default".equals(namespace) ? name : namespace + "/" + name;
  }

  private static State state(Image image, Optional<ImageImport> imported) {
    Standing standing = LiveObjects.standing(image);
    if (standing instanceof Standing.Ready) {
      return new Ready(orZero(image.getStatus().size()));
    }
    if (standing instanceof Standing.Stalled stalled) {
      return new Stopped(stalled.reason(), stalled.message());
    }
    Waiting waiting = new Waiting(((Standing.Pending) standing).reason());
    return imported
        .flatMap(i -> Optional.ofNullable(i.getStatus()))
        .flatMap(ImportProgressView::moving)
        .orElse(waiting);
  }

  private static Optional<State> moving(ImageImportStatus status) {
    ImportProgress progress = status.progress();
    if (progress == null || status.phase() == null) {
      return Optional.empty();
    }
    long bytes = orZero(progress.bytes());
    return switch (status.phase()) {
      case QUEUED, FAILED -> Optional.empty();
      case STAGING ->
          Optional.of(bytes > 0 ? transferring(progress) : new Waiting("asking the source"));
      case CONVERTING, IMPORTING -> Optional.of(transferring(progress));
      case VALIDATING -> Optional.of(new Finishing(bytes, "verifying"));
      case REPLICATING, SUCCEEDED -> Optional.of(new Finishing(bytes, "publishing"));
    };
  }

  private static State transferring(ImportProgress progress) {
    return new Transferring(
        orZero(progress.bytes()),
        optional(progress.totalBytes()),
        optional(progress.bytesPerSecond()),
        Optional.ofNullable(progress.etaSeconds()).map(Duration::ofSeconds));
  }

  private static OptionalLong optional(Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private static long orZero(Long value) {
    return value == null ? 0 : value;
  }
}
