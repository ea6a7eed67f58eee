package dev.darkroom.controller.imageimport;

import static dev.darkroom.controller.Fixtures.job;

import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportStatus;
import dev.darkroom.controller.MessageTable;
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
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The condition messages of an ImageImport, in {@code messages/imageimport.txt}. */
class ImportMessagesTest {

  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final Failure FULL = Failure.of(Reason.STORE_FULL, "Store fast: no space left.");

  private final TestClock clock = new TestClock(NOW.toString());
  private final MessageTable table = new MessageTable();

  @Test
  void theMessagesAreThoseOfTheTable() throws IOException {
    add("an attempt starts", s -> s.begun(1, List.of("fast")));
    for (QueuePlace.Limit limit : QueuePlace.Limit.values()) {
      add("the attempt waits for a slot: " + limit, s -> s.queued(place(limit)));
    }
    for (Progress.Stage stage : Progress.Stage.values()) {
      add("the attempt runs: " + stage, s -> s.running(progress(stage, OptionalLong.of(1024))));
    }
    clock.advance(Duration.ofSeconds(42));
    add(
        "no byte for 42 s",
        s -> s.running(progress(Progress.Stage.IMPORTING, OptionalLong.of(1024))));
    add(
        "no byte for 42 s, size unknown",
        s -> s.running(progress(Progress.Stage.IMPORTING, OptionalLong.empty())));
    add(
        "the attempt failed",
        s -> s.begun(1, List.of("fast")),
        s -> s.retrying(FULL, Duration.ofSeconds(3)));
    add(
        "unsuspended between two attempts",
        s -> s.begun(1, List.of("fast")),
        s -> s.retrying(FULL, Duration.ofSeconds(3)),
        ImportStatusCalculator::unblocked);
    add("suspended", s -> s.waiting(Failure.of(Reason.SUSPENDED, "spec.suspend is true.")));
    add(
        "the deadline has passed",
        s ->
            s.failed(
                ImportTimes.deadlineExceeded(
                    job("ubuntu-1", "ubuntu", spec -> spec.activeDeadlineSeconds(600L)))));
    add("failed", s -> s.failed(Failure.of(Reason.UNSAFE_IMAGE, "It names other files.")));
    add("succeeded in one store", s -> s.succeeded(stored(Map.of(), "fast")));
    add("succeeded in two stores", s -> s.succeeded(stored(Map.of(), "cold", "fast")));
    add("succeeded without one store", s -> s.succeeded(stored(Map.of("cold", FULL), "fast")));
    add("every copy existed", ImportStatusCalculator::nothingToDo);

    table.check("imageimport");
  }

  @SafeVarargs
  private void add(String example, Function<ImportStatusCalculator, ImageImportStatus>... steps) {
    ImageImport job = job("ubuntu-1", "ubuntu", spec -> spec.backoffLimit(2));
    for (Function<ImportStatusCalculator, ImageImportStatus> step : steps) {
      job.setStatus(step.apply(new ImportStatusCalculator(job, clock)));
    }
    table.add(example, job.getStatus().conditions());
  }

  private static QueuePlace place(QueuePlace.Limit limit) {
    return new QueuePlace(
        3, limit, Optional.of("fast").filter(store -> limit == QueuePlace.Limit.STORE));
  }

  private static Progress progress(Progress.Stage stage, OptionalLong total) {
    return new Progress(stage, 512, total, 10, NOW, Optional.empty());
  }

  private static Outcome.Stored stored(Map<String, Failure> missed, String... stores) {
    Map<String, Blob> copies = new TreeMap<>();
    for (String store : stores) {
      copies.put(store, new Blob(BlobKey.of("lab", "ubuntu"), 4096, Map.of(), Instant.EPOCH));
    }
    Facts facts =
        Facts.of(
            Map.of(Checksum.Algorithm.SHA256, "ab".repeat(32)),
            4096,
            DiskFormat.QCOW2,
            OptionalLong.empty());
    return new Outcome.Stored(facts, copies, missed);
  }
}
