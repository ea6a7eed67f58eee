package dev.darkroom.controller.imageimport;

import static dev.darkroom.controller.Fixtures.createdAt;
import static dev.darkroom.controller.Fixtures.job;
import static dev.darkroom.controller.Fixtures.withStatus;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.ImageImport;
import dev.darkroom.controller.TestClock;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.QueuePlace;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportTimesTest {

  private static final String START = "2026-11-22T10:00:00Z";

  private final TestClock clock = new TestClock(START);
  private final ImageImport job =
      createdAt(
          clock.instant(),
          withStatus(
              job(
                  "fedora-1",
                  "fedora",
                  spec -> spec.activeDeadlineSeconds(60L).ttlSecondsAfterFinished(10L)),
              status -> status.startTime(START).completionTime(START)));

  @Test
  void theDeadlineCountsFromTheStart() {
    assertThat(times().untilDeadline()).contains(Duration.ofSeconds(60));
    assertThat(times().overdue()).isFalse();

    clock.advance(Duration.ofSeconds(60));

    assertThat(times().overdue()).isTrue();
  }

  @Test
  void withoutStartOrDeadlineAnImportIsNeverOverdue() {
    clock.advance(Duration.ofDays(1));

    assertThat(new ImportTimes(job("a", "a"), clock, Duration.ZERO).overdue()).isFalse();
    job.setStatus(null);
    assertThat(times().overdue()).isFalse();
  }

  @Test
  void expiryCountsFromTheCompletion() {
    clock.advance(Duration.ofSeconds(11));

    assertThat(times().untilExpiry()).contains(Duration.ofSeconds(-1));
  }

  @Test
  void theWaitGrowsWithTheAgeOfTheImport() {
    assertThat(times().untilLookup()).isEqualTo(Duration.ofSeconds(15));
    clock.advance(Duration.ofMinutes(16));
    assertThat(times().untilLookup()).isEqualTo(Duration.ofMinutes(2));
    clock.advance(Duration.ofDays(9));
    assertThat(times().untilLookup()).isEqualTo(Duration.ofMinutes(5));
  }

  @ParameterizedTest
  @CsvSource({"1, PT2S", "17, PT17S", "10000, PT5M"})
  void theWaitGrowsWithThePlaceInTheQueue(int position, Duration wait) {
    assertThat(
            ImportTimes.untilQueueMoves(
                new QueuePlace(position, QueuePlace.Limit.SLOTS, Optional.empty())))
        .isEqualTo(wait);
  }

  @Test
  void theNextLookIsWhenTheImportWouldStall() {
    Progress bytes =
        new Progress(
            Progress.Stage.IMPORTING,
            1,
            OptionalLong.empty(),
            0,
            clock.instant().minusSeconds(8),
            Optional.empty());

    assertThat(times().untilSilence(bytes, Duration.ofSeconds(30)))
        .isEqualTo(Duration.ofMillis(2100));
    assertThat(ImportTimes.silence(bytes, clock)).isEmpty();
    clock.advance(Duration.ofSeconds(2));
    assertThat(ImportTimes.silence(bytes, clock)).contains(Duration.ofSeconds(10));
    assertThat(times().untilSilence(bytes, Duration.ofSeconds(30)))
        .isEqualTo(Duration.ofSeconds(30));
  }

  private ImportTimes times() {
    return new ImportTimes(job, clock, Duration.ofSeconds(15));
  }
}
