package dev.darkroom.controller.imageimport;

import static dev.darkroom.controller.Fixtures.brief;
import static dev.darkroom.controller.Fixtures.job;
import static dev.darkroom.controller.Fixtures.message;
import static dev.darkroom.controller.Fixtures.withStatus;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.CopyState;
import dev.darkroom.api.DeliveredFacts;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportStatus;
import dev.darkroom.api.ImportPhase;
import dev.darkroom.api.ImportResult;
import dev.darkroom.api.ImportSourceFacts;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.codec.Codec;
import dev.darkroom.controller.Fixtures;
import dev.darkroom.controller.TestClock;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.SourceHead;
import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.sums.Signer;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Delivered;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.QueuePlace;
import dev.darkroom.transfer.model.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ImportStatusCalculatorTest {

  private static final String NOW = "2026-11-22T10:00:00Z";
  private static final Failure REFUSED = Failure.of(Reason.UNSAFE_IMAGE, "It names other files.");
  private static final Failure AWAY = Failure.of(Reason.SOURCE_UNAVAILABLE, "the source is away");

  private static final Instant LAST_BYTE = Instant.parse(NOW);

  private final TestClock clock = new TestClock("2026-11-22T10:00:00.789Z");
  private final ImageImport job = job("ubuntu-1", "ubuntu", spec -> spec.backoffLimit(2));

  @Test
  void theFirstAttemptIsNumberOne() {
    assertThat(next().nextAttempt()).isEqualTo(1);

    ImageImportStatus begun = then(s -> s.begun(1, List.of("fast", "cold")));

    assertThat(begun.attempts()).isEqualTo(1);
    assertThat(begun.phase()).isEqualTo(ImportPhase.QUEUED);
    assertThat(begun.column()).isEqualTo("Queued");
    assertThat(begun.startTime()).isEqualTo(NOW);
    assertThat(begun.stores())
        .containsExactlyElementsOf(Fixtures.copies(CopyState.PENDING, "fast", "cold"));
    assertThat(brief(begun.conditions()))
        .containsExactly("Ready=False/Queued", "Reconciling=True/Queued");
  }

  @Test
  void anImportWithoutBytesReportsForHowLong() {
    then(s -> s.begun(1, List.of("fast")));
    clock.advance(Duration.ofSeconds(9));
    assertThat(then(s -> s.running(importing(512, 1024))).column()).isEqualTo("50%");

    clock.advance(Duration.ofSeconds(33));
    ImageImportStatus silent = then(s -> s.running(importing(512, 1024)));

    assertThat(silent.column()).isEqualTo("Stalled");
    assertThat(silent.phase()).isEqualTo(ImportPhase.IMPORTING);
    assertThat(silent.progress().percent()).isEqualTo(50);
    assertThat(brief(silent.conditions()))
        .containsExactly("Ready=False/Stalled", "Reconciling=True/Stalled");
    assertThat(message(silent.conditions(), "Ready")).contains("42 s", "512B of 1KiB");
  }

  @Test
  void aStageWithoutBytesIsNotStalled() {
    then(s -> s.begun(1, List.of("fast")));
    clock.advance(Duration.ofMinutes(10));

    assertThat(
            then(s -> s.running(progress(Progress.Stage.PUBLISHING, 9, OptionalLong.of(9))))
                .column())
        .isEqualTo("Publishing");
  }

  @Test
  void anInterruptedAttemptKeepsItsNumber() {
    then(s -> s.begun(1, List.of("fast")));
    then(s -> s.running(importing(50, 100)));

    assertThat(next().nextAttempt()).isEqualTo(1);
  }

  @Test
  void anInterruptedAttemptKeepsItsProgressUntilItReadsBytes() {
    then(s -> s.begun(1, List.of("fast")));
    ImageImportStatus interrupted = then(s -> s.running(importing(50, 100)));

    assertThat(then(s -> s.begun(1, List.of("fast")))).isEqualTo(interrupted);
    ImageImportStatus queued =
        then(s -> s.queued(new QueuePlace(3, QueuePlace.Limit.SLOTS, Optional.empty())));
    assertThat(queued.queuePosition()).isEqualTo(3);
    assertThat(queued.conditions()).isEqualTo(interrupted.conditions());
    for (Progress.Stage preparing : List.of(Progress.Stage.PREFLIGHT, Progress.Stage.RESUMING)) {
      assertThat(then(s -> s.running(progress(preparing, 0, OptionalLong.empty()))))
          .as("%s", preparing)
          .isEqualTo(interrupted);
    }
    assertThat(then(s -> s.running(importing(60, 100))).column()).isEqualTo("60%");
  }

  @Test
  void aStalledAttemptThatWasInterruptedIsNotStalledWhenItContinues() {
    then(s -> s.begun(1, List.of("fast")));
    clock.advance(Duration.ofSeconds(42));
    then(s -> s.running(importing(512, 1024)));

    ImageImportStatus goesOn = then(s -> s.begun(1, List.of("fast")));

    assertThat(goesOn.column()).isEqualTo("Importing");
    assertThat(brief(goesOn.conditions()))
        .containsExactly("Ready=False/Importing", "Reconciling=True/Importing");
  }

  @Test
  void anAttemptAfterAFailedOneReportsItsStart() {
    then(s -> s.begun(1, List.of("fast")));
    then(s -> s.running(importing(50, 100)));
    then(s -> s.retrying(AWAY, Duration.ofSeconds(2)));

    assertThat(then(s -> s.begun(2, List.of("fast"))).column()).isEqualTo("Queued");
    assertThat(
            then(s -> s.running(progress(Progress.Stage.PREFLIGHT, 0, OptionalLong.empty())))
                .column())
        .isEqualTo("Preflight");
  }

  @Test
  void anAttemptAfterAFailedOneHasTheNextNumber() {
    then(s -> s.begun(1, List.of("fast")));
    then(s -> s.retrying(AWAY, Duration.ofSeconds(2)));
    assertThat(next().nextAttempt()).isEqualTo(2);

    then(s -> s.begun(2, List.of("fast")));
    assertThat(next().nextAttempt()).as("interrupted").isEqualTo(2);

    then(s -> s.retrying(AWAY, Duration.ofSeconds(2)));
    assertThat(next().nextAttempt()).isEqualTo(3);
  }

  @Test
  void waitingCountsNoAttempt() {
    then(s -> s.waiting(Failure.of(Reason.STORE_MISSING, "There is no ImageStore fast.")));
    assertThat(next().nextAttempt()).isEqualTo(1);

    then(s -> s.begun(1, List.of("fast")));
    then(s -> s.waiting(Failure.of(Reason.SUSPENDED, "spec.suspend is true.")));
    assertThat(next().nextAttempt()).as("suspended during an attempt").isEqualTo(1);

    then(s -> s.begun(1, List.of("fast")));
    then(s -> s.retrying(AWAY, Duration.ofSeconds(2)));
    then(s -> s.waiting(Failure.of(Reason.SUSPENDED, "spec.suspend is true.")));
    assertThat(next().nextAttempt()).as("suspended between two attempts").isEqualTo(2);
  }

  @Test
  void theStartTimeIsThatOfTheFirstAttempt() {
    then(s -> s.begun(1, List.of("fast")));
    then(s -> s.retrying(AWAY, Duration.ofSeconds(2)));
    clock.advance(Duration.ofMinutes(1));

    ImageImportStatus second = then(s -> s.begun(2, List.of("fast")));

    assertThat(second.startTime()).isEqualTo(NOW);
    assertThat(second.nextAttemptAt()).isNull();
  }

  @Test
  void aQueuedImportReportsItsPlaceInTheQueue() {
    then(s -> s.begun(1, List.of("fast")));

    ImageImportStatus waiting = then(s -> s.queued(place(3, QueuePlace.Limit.SLOTS)));

    assertThat(waiting.phase()).isEqualTo(ImportPhase.QUEUED);
    assertThat(waiting.column()).isEqualTo("Queued");
    assertThat(waiting.queuePosition()).isEqualTo(3);
    assertThat(waiting.progress()).isNull();
    assertThat(waiting.attempts()).isEqualTo(1);
    assertThat(then(s -> s.queued(place(2, QueuePlace.Limit.SLOTS))).queuePosition()).isEqualTo(2);
  }

  @Test
  void aQueuedImportReportsItsLimit() {
    assertThat(message(then(s -> s.queued(place(1, QueuePlace.Limit.STORE))).conditions(), "Ready"))
        .isEqualTo("The import waits for a free slot of store fast.");
    assertThat(
            message(then(s -> s.queued(place(1, QueuePlace.Limit.TENANT))).conditions(), "Ready"))
        .isEqualTo("The import waits for a free slot of its namespace.");
  }

  @Test
  void whateverFollowsTheQueueIsNotInIt() {
    then(s -> s.queued(place(1, QueuePlace.Limit.SLOTS)));
    assertThat(next().running(importing(1, 2)).queuePosition()).isNull();
    assertThat(next().begun(1, List.of("fast")).queuePosition()).isNull();
    assertThat(next().waiting(AWAY).queuePosition()).isNull();
    assertThat(next().retrying(AWAY, Duration.ZERO).queuePosition()).isNull();
    assertThat(next().failed(REFUSED).queuePosition()).isNull();
    assertThat(next().succeeded(stored("fast")).queuePosition()).isNull();
    assertThat(next().nothingToDo().queuePosition()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "PREFLIGHT, STAGING, Preflight",
    "RESUMING, STAGING, Resuming",
    "VALIDATING, VALIDATING, Validating",
    "PUBLISHING, REPLICATING, Publishing"
  })
  void aStageWithoutProgressReportsItsName(Progress.Stage stage, ImportPhase phase, String reason) {
    then(s -> s.begun(1, List.of("fast")));

    ImageImportStatus running = then(s -> s.running(progress(stage, 100, OptionalLong.of(100))));

    assertThat(running.phase()).isEqualTo(phase);
    assertThat(running.progress().stage()).isEqualTo(phase);
    assertThat(running.column()).isEqualTo(reason);
    assertThat(brief(running.conditions()))
        .containsExactly("Ready=False/" + reason, "Reconciling=True/" + reason);
  }

  @Test
  void aRunningImportReportsItsBytes() {
    then(s -> s.begun(1, List.of("fast")));

    ImageImportStatus running = then(s -> s.running(importing(42, 100)));

    assertThat(running.phase()).isEqualTo(ImportPhase.IMPORTING);
    assertThat(running.column()).isEqualTo("42%");
    assertThat(running.progress().bytes()).isEqualTo(42);
    assertThat(running.progress().totalBytes()).isEqualTo(100);
    assertThat(running.progress().percent()).isEqualTo(42);
    assertThat(running.progress().bytesPerSecond()).isEqualTo(10);
    assertThat(running.progress().etaSeconds()).isEqualTo(6);
    assertThat(running.progress().updatedAt()).isEqualTo(NOW);
    assertThat(brief(running.conditions()))
        .containsExactly("Ready=False/Importing", "Reconciling=True/Importing");
  }

  @ParameterizedTest
  @CsvSource({"0, 100, 0", "999, 1000, 99", "1000, 1000, 99", "1500, 1000, 99", "1, 3, 33"})
  void progressStaysBelow100PercentWhileBytesAreRead(long bytes, long total, int percent) {
    ImageImportStatus running = then(s -> s.running(importing(bytes, total)));

    assertThat(running.progress().percent()).isEqualTo(percent);
    assertThat(running.column()).isEqualTo(percent + "%");
  }

  @ParameterizedTest
  @EnumSource
  void noStageReports100Percent(Progress.Stage stage) {
    ImageImportStatus running = then(s -> s.running(progress(stage, 100, OptionalLong.of(100))));

    assertThat(running.progress().percent()).isLessThan(100);
  }

  @Test
  void withoutAKnownLengthTheColumnShowsBytes() {
    ImageImportStatus running =
        then(s -> s.running(progress(Progress.Stage.IMPORTING, 3 << 20, OptionalLong.empty())));

    assertThat(running.column()).isEqualTo("3MiB");
    assertThat(running.progress().percent()).isNull();
    assertThat(running.progress().totalBytes()).isNull();
    assertThat(running.progress().etaSeconds()).isNull();
    assertThat(
            then(s -> s.running(progress(Progress.Stage.IMPORTING, 0, OptionalLong.of(0))))
                .column())
        .isEqualTo("0B");
  }

  @Test
  void copiesAreCopyingOnceBytesAreRead() {
    then(s -> s.begun(1, List.of("fast", "cold")));

    assertThat(
            then(s -> s.running(progress(Progress.Stage.PREFLIGHT, 0, OptionalLong.empty())))
                .stores())
        .extracting(StoreCopy::state)
        .containsExactly(CopyState.PENDING, CopyState.PENDING);
    assertThat(then(s -> s.running(importing(1, 2))).stores())
        .extracting(StoreCopy::state)
        .containsExactly(CopyState.COPYING, CopyState.COPYING);
  }

  @Test
  void theFactsOfTheSourceAreKept() {
    Progress asked =
        new Progress(
            Progress.Stage.IMPORTING,
            1,
            OptionalLong.of(5),
            0,
            Instant.EPOCH,
            Optional.of(
                new SourceHead(
                    "https://mirror.example/u",
                    OptionalLong.of(5),
                    Optional.of("\"v1\""),
                    true,
                    Optional.empty())));

    ImportSourceFacts facts = then(s -> s.running(asked)).source();

    assertThat(facts)
        .isEqualTo(new ImportSourceFacts("https://mirror.example/u", 5L, "\"v1\"", true));
    assertThat(then(s -> s.running(importing(2, 5))).source()).isEqualTo(facts);
    assertThat(then(s -> s.failed(REFUSED)).source()).isEqualTo(facts);
  }

  @Test
  void aSucceededImportReportsResultAndStores() {
    then(s -> s.begun(1, List.of("fast", "cold")));
    then(s -> s.running(importing(99, 100)));

    ImageImportStatus done = then(s -> s.succeeded(stored("fast", "cold")));

    assertThat(done.phase()).isEqualTo(ImportPhase.SUCCEEDED);
    assertThat(done.column()).isEqualTo("Done");
    assertThat(done.completionTime()).isEqualTo(NOW);
    assertThat(done.progress().percent()).isEqualTo(100);
    assertThat(done.progress().bytes()).isEqualTo(4096);
    assertThat(done.stores())
        .containsExactly(
            new StoreCopy("cold", CopyState.AVAILABLE, 4096L, NOW, null),
            new StoreCopy("fast", CopyState.AVAILABLE, 4096L, NOW, null));
    assertThat(done.result().digest()).isEqualTo("sha256:" + "ab".repeat(32));
    assertThat(done.result().checksums())
        .containsOnly(Map.entry("sha256", "ab".repeat(32)), Map.entry("md5", "cd".repeat(16)));
    assertThat(done.result().size()).isEqualTo(4096);
    assertThat(done.result().virtualSize()).isEqualTo(1L << 30);
    assertThat(done.result().diskFormat()).isEqualTo("qcow2");
    assertThat(brief(done.conditions()))
        .containsExactly("Ready=True/Succeeded", "Complete=True/Succeeded");
    assertThat(message(done.conditions(), "Complete")).contains("stores cold, fast");
    assertThat(ImportStatusCalculator.finished(job)).isTrue();
    assertThat(ImportStatusCalculator.succeeded(job)).isTrue();
  }

  @Test
  void oneStoreIsInTheSingular() {
    then(s -> s.begun(1, List.of("fast")));

    assertThat(message(then(s -> s.succeeded(stored("fast"))).conditions(), "Ready"))
        .contains("store fast")
        .doesNotContain("stores");
  }

  @Test
  void aChangeAfterTheEndOnlyUpdatesObservedGeneration() {
    then(s -> s.begun(1, List.of("fast")));
    ImageImportStatus done = then(s -> s.succeeded(stored("fast")));
    job.getMetadata().setGeneration(2L);
    assertThat(next().isObserved()).isFalse();

    ImageImportStatus seen = then(ImportStatusCalculator::observed);

    assertThat(next().isObserved()).isTrue();
    assertThat(seen.conditions()).allMatch(condition -> condition.getObservedGeneration() == 2);
    assertThat(brief(seen.conditions())).isEqualTo(brief(done.conditions()));
    assertThat(seen.completionTime()).isEqualTo(done.completionTime());
  }

  @Test
  void anUnsuspendedImportReportsItsNextAttempt() {
    then(s -> s.begun(1, List.of("fast")));
    then(s -> s.retrying(AWAY, Duration.ofSeconds(3)));
    then(s -> s.waiting(Failure.of(Reason.SUSPENDED, "spec.suspend is true.")));

    ImageImportStatus unblocked = then(ImportStatusCalculator::unblocked);

    assertThat(brief(unblocked.conditions()))
        .containsExactly("Ready=False/Queued", "Reconciling=True/Queued");
    assertThat(message(unblocked.conditions(), "Ready")).contains("2026-11-22T10:00:04Z");
    assertThat(unblocked.nextAttemptAt()).isEqualTo("2026-11-22T10:00:04Z");
  }

  @Test
  void aFailedAttemptReportsItsNumberAndTheNextStart() {
    then(s -> s.begun(1, List.of("fast")));
    then(s -> s.running(importing(50, 100)));

    ImageImportStatus retrying = then(s -> s.retrying(AWAY, Duration.ofSeconds(3)));

    assertThat(retrying.phase()).isEqualTo(ImportPhase.QUEUED);
    assertThat(retrying.column()).isEqualTo("SourceUnavailable");
    assertThat(retrying.attempts()).isEqualTo(1);
    assertThat(retrying.nextAttemptAt()).isEqualTo("2026-11-22T10:00:04Z");
    assertThat(retrying.progress()).isNull();
    assertThat(retrying.stores()).extracting(StoreCopy::state).containsExactly(CopyState.FAILED);
    assertThat(brief(retrying.conditions()))
        .containsExactly("Ready=False/SourceUnavailable", "Reconciling=True/SourceUnavailable");
    assertThat(message(retrying.conditions(), "Ready"))
        .startsWith("the source is away. ")
        .contains("1 of 3", "2026-11-22T10:00:04Z");
    assertThat(ImportStatusCalculator.finished(job)).isFalse();
  }

  @Test
  void aMessageHasOneFullStop() {
    then(s -> s.begun(1, List.of("fast")));

    ImageImportStatus retrying =
        then(
            s ->
                s.retrying(
                    Failure.of(Reason.STORE_FULL, "The store is full."), Duration.ofSeconds(3)));

    assertThat(message(retrying.conditions(), "Ready")).startsWith("The store is full. Attempt");
  }

  @Test
  void aFailedImportIsStalled() {
    then(s -> s.begun(1, List.of("fast")));
    then(s -> s.running(importing(50, 100)));

    ImageImportStatus failed = then(s -> s.failed(REFUSED));

    assertThat(failed.phase()).isEqualTo(ImportPhase.FAILED);
    assertThat(failed.column()).isEqualTo("UnsafeImage");
    assertThat(failed.completionTime()).isEqualTo(NOW);
    assertThat(failed.progress()).isNull();
    assertThat(failed.result()).isNull();
    assertThat(failed.stores()).extracting(StoreCopy::state).containsExactly(CopyState.FAILED);
    assertThat(brief(failed.conditions()))
        .containsExactly(
            "Ready=False/UnsafeImage", "Stalled=True/UnsafeImage", "Failed=True/UnsafeImage");
    assertThat(message(failed.conditions(), "Failed")).isEqualTo("It names other files.");
    assertThat(ImportStatusCalculator.finished(job)).isTrue();
    assertThat(ImportStatusCalculator.succeeded(job)).isFalse();
  }

  @Test
  void aFailedImportHasNoNextAttempt() {
    then(s -> s.begun(1, List.of("fast")));
    then(s -> s.retrying(AWAY, Duration.ofSeconds(2)));

    assertThat(then(s -> s.failed(REFUSED)).nextAttemptAt()).isNull();
  }

  @Test
  void aWaitingImportReportsTheMissingObject() {
    ImageImportStatus waiting =
        then(s -> s.waiting(Failure.of(Reason.STORE_MISSING, "There is no ImageStore fast.")));

    assertThat(waiting.phase()).isEqualTo(ImportPhase.QUEUED);
    assertThat(waiting.column()).isEqualTo("StoreMissing");
    assertThat(brief(waiting.conditions()))
        .containsExactly("Ready=False/StoreMissing", "Reconciling=True/StoreMissing");
    assertThat(message(waiting.conditions(), "Ready")).isEqualTo("There is no ImageStore fast.");
  }

  @Test
  void aSuspendedImportHasNoCopyInProgress() {
    then(s -> s.begun(1, List.of("fast")));
    then(s -> s.running(importing(50, 100)));

    ImageImportStatus suspended =
        then(s -> s.waiting(Failure.of(Reason.SUSPENDED, "spec.suspend is true.")));

    assertThat(brief(suspended.conditions())).containsExactly("Ready=False/Suspended");
    assertThat(suspended.progress()).isNull();
    assertThat(suspended.stores()).extracting(StoreCopy::state).containsExactly(CopyState.PENDING);
  }

  @Test
  void everyStatusHasTheGenerationOfItsSpec() {
    job.getMetadata().setGeneration(5L);

    assertThat(then(s -> s.begun(1, List.of("fast"))).observedGeneration()).isEqualTo(5);
    assertThat(then(s -> s.running(importing(1, 2))).observedGeneration()).isEqualTo(5);
    assertThat(then(s -> s.waiting(AWAY)).observedGeneration()).isEqualTo(5);
    assertThat(then(s -> s.retrying(AWAY, Duration.ZERO)).observedGeneration()).isEqualTo(5);
    assertThat(then(s -> s.failed(REFUSED)).observedGeneration()).isEqualTo(5);
    assertThat(then(s -> s.succeeded(stored("fast"))).observedGeneration()).isEqualTo(5);
  }

  @Test
  void aRepeatedStatusIsEqual() {
    ImageImportStatus once = then(s -> s.waiting(AWAY));
    clock.advance(Duration.ofMinutes(1));

    assertThat(then(s -> s.waiting(AWAY))).isEqualTo(once);
  }

  @Test
  void anImportWithoutAStatusHasNotFinished() {
    assertThat(ImportStatusCalculator.finished(job)).isFalse();
    assertThat(ImportStatusCalculator.succeeded(job)).isFalse();
  }

  private ImportStatusCalculator next() {
    return new ImportStatusCalculator(job, clock);
  }

  /** Calculates the next status, and sets it. */
  private ImageImportStatus then(Function<ImportStatusCalculator, ImageImportStatus> step) {
    return withStatus(job, step.apply(next())).getStatus();
  }

  private static QueuePlace place(int position, QueuePlace.Limit limit) {
    return new QueuePlace(
        position, limit, Optional.of("fast").filter(store -> limit == QueuePlace.Limit.STORE));
  }

  @Test
  void aConversionReportsItsProgress() {
    ImageImportStatus status =
        then(s -> s.running(progress(Progress.Stage.CONVERTING, 30, OptionalLong.of(100))));

    assertThat(status.phase()).isEqualTo(ImportPhase.CONVERTING);
    assertThat(status.column()).isEqualTo("Converting 30%");
    assertThat(status.progress().percent()).isEqualTo(30);
  }

  @Test
  void theResultHasTheDeliveredFactsWhenTheyDiffer() {
    Delivered delivered =
        new Delivered(
            1000,
            Map.of(Checksum.Algorithm.SHA256, "ef".repeat(32)),
            Optional.of(Codec.XZ),
            Optional.of(DiskFormat.RAW));
    Signer signer = new Signer(Signer.Scheme.MINISIGN, "0123456789ABCDEF");
    Outcome.Stored stored = stored("fast");

    Facts facts = stored.facts().with(Optional.of(delivered), Optional.of(signer));
    ImportResult result =
        then(s -> s.succeeded(new Outcome.Stored(facts, stored.copies(), Map.of()))).result();

    assertThat(result.size()).isEqualTo(4096);
    assertThat(result.delivered())
        .isEqualTo(
            new DeliveredFacts(
                1000L,
                Map.of("sha256", "ef".repeat(32)),
                "xz",
                "raw",
                "minisign key 0123456789ABCDEF"));
    assertThat(Deliveries.with(stored.facts(), result.delivered())).isEqualTo(facts);
    assertThat(then(s -> s.succeeded(stored)).result().delivered()).isNull();
  }

  private static Progress importing(long bytes, long total) {
    return progress(Progress.Stage.IMPORTING, bytes, OptionalLong.of(total));
  }

  private static Progress progress(Progress.Stage stage, long bytes, OptionalLong total) {
    return new Progress(stage, bytes, total, 10, LAST_BYTE, Optional.empty());
  }

  private static Outcome.Stored stored(String... stores) {
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
