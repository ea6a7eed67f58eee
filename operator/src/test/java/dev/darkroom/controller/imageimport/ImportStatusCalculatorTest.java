package dev.darkroom.controller.imageimport;

import static dev.darkroom.controller.Fixtures.brief;
import static dev.darkroom.controller.Fixtures.job;
import static dev.darkroom.controller.Fixtures.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.CopyState;
import dev.darkroom.api.DeliveredFacts;
import dev.darkroom.api.ImageImportStatus;
import dev.darkroom.api.ImportPhase;
import dev.darkroom.api.ImportResult;
import dev.darkroom.api.ImportSourceFacts;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.codec.Codec;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.SourceHead;
import dev.darkroom.sums.Signer;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Delivered;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The status of an import at the end of an attempt, and between two attempts. */
class ImportStatusCalculatorTest extends ImportStatusScenario {

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
}
