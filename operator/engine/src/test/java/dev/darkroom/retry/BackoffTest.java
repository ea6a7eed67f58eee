package dev.darkroom.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

  private final RandomGenerator random = new Random(42);
  private final Backoff backoff = Backoff.defaults();

  @ParameterizedTest
  @CsvSource({
    "1, 2000",
    "2, 4000",
    "3, 8000",
    "7, 128000",
    "8, 256000",
    "9, 300000",
    "10, 300000",
    "1000000, 300000"
  })
  void doublesUpToItsCeilingAndSpreadsOverTheUpperHalf(int attempt, long fullMillis) {
    LongSummaryStatistics waits =
        LongStream.range(0, 5000)
            .map(i -> backoff.after(attempt, Optional.empty(), random).toMillis())
            .summaryStatistics();

    assertThat(waits.getMin()).isBetween(fullMillis / 2, fullMillis * 52 / 100);
    assertThat(waits.getMax()).isBetween(fullMillis * 98 / 100, fullMillis);
    assertThat(waits.getAverage()).isBetween(fullMillis * 0.73, fullMillis * 0.77);
  }

  @Test
  void keepsTheRequestedWait() {
    Duration asked = Duration.ofMinutes(17);

    assertThat(backoff.after(1, Optional.of(asked), random)).isEqualTo(asked);
  }

  @Test
  void aShorterRequestedWaitChangesNothing() {
    Duration wait = backoff.after(9, Optional.of(Duration.ofSeconds(1)), random);

    assertThat(wait).isGreaterThanOrEqualTo(Duration.ofSeconds(150));
  }

  @Test
  void aRequestedWaitIsAnHourAtMost() {
    assertThat(backoff.after(1, Optional.of(Duration.ofDays(365)), random))
        .isEqualTo(Duration.ofHours(1));
  }

  @Test
  void refusesBoundsAndAttemptsOutOfRange() {
    assertThatThrownBy(() -> backoff.after(0, Optional.empty(), random))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
