package dev.darkroom.controller.imageimport;

import static dev.darkroom.controller.Fixtures.job;
import static dev.darkroom.controller.Fixtures.withStatus;

import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportStatus;
import dev.darkroom.controller.TestClock;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.QueuePlace;
import dev.darkroom.transfer.model.Reason;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** An ImageImport whose status follows from one event after another. */
abstract class ImportStatusScenario {

  static final String NOW = "2026-11-22T10:00:00Z";
  static final Failure REFUSED = Failure.of(Reason.UNSAFE_IMAGE, "It names other files.");
  static final Failure AWAY = Failure.of(Reason.SOURCE_UNAVAILABLE, "the source is away");

  static final Instant LAST_BYTE = Instant.parse(NOW);

  final TestClock clock = new TestClock("2026-11-22T10:00:00.789Z");
  final ImageImport job = job("ubuntu-1", "ubuntu", spec -> spec.backoffLimit(2));

  ImportStatusCalculator next() {
    return new ImportStatusCalculator(job, clock);
  }

  /** Calculates the next status, and sets it. */
  ImageImportStatus then(Function<ImportStatusCalculator, ImageImportStatus> step) {
    return withStatus(job, step.apply(next())).getStatus();
  }

  static QueuePlace place(int position, QueuePlace.Limit limit) {
    return new QueuePlace(
        position, limit, Optional.of("fast").filter(store -> limit == QueuePlace.Limit.STORE));
  }

  static Progress importing(long bytes, long total) {
    return progress(Progress.Stage.IMPORTING, bytes, OptionalLong.of(total));
  }

  static Progress progress(Progress.Stage stage, long bytes, OptionalLong total) {
    return new Progress(stage, bytes, total, 10, LAST_BYTE, Optional.empty());
  }

  static Outcome.Stored stored(String... stores) {
    Map<String, Blob> copies = new HashMap<>();
    for (String store : stores) {
      copies.put(store, new Blob(BlobKey.of("lab", "ubuntu"), 4096, Map.of(), Instant.EPOCH));
    }
    return new Outcome.Stored(
        Facts.of(
            Map.of(
                Checksum.Algorithm.SHA256,
                "ab".repeat(32),
                Checksum.Algorithm.MD5,
                "cd".repeat(16)),
            4096,
            DiskFormat.QCOW2,
            OptionalLong.of(1L << 30)),
        copies,
        Map.of());
  }
}
