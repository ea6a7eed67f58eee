package dev.darkroom.controller.imageimport;

import static dev.darkroom.controller.Fixtures.brief;
import static dev.darkroom.controller.Fixtures.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.CopyState;
import dev.darkroom.api.ImageImportStatus;
import dev.darkroom.api.ImportPhase;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.controller.Fixtures;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.QueuePlace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The status of an import while an attempt starts, waits or runs. */
class RunningStatusCalculatorTest extends ImportStatusScenario {

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
  void aStatusAfterTheQueueHasNoPlaceInIt() {
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
  void aConversionReportsItsProgress() {
    ImageImportStatus status =
        then(s -> s.running(progress(Progress.Stage.CONVERTING, 30, OptionalLong.of(100))));

    assertThat(status.phase()).isEqualTo(ImportPhase.CONVERTING);
    assertThat(status.column()).isEqualTo("Converting 30%");
    assertThat(status.progress().percent()).isEqualTo(30);
  }
}
