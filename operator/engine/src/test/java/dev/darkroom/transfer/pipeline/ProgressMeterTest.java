package dev.darkroom.transfer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.TransferObserver;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProgressMeterTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** A clock that the test sets. */
  private static final class TestClock extends Clock {
    private Duration passed = Duration.ZERO;
    private Duration jumped = Duration.ZERO;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return START.plus(passed).plus(jumped);
    }

    long nanoTime() {
      return passed.toNanos();
    }

    void pass(Duration time) {
      passed = passed.plus(time);
    }

    void jump(Duration time) {
      jumped = jumped.plus(time);
    }
  }

  /** The scheduled tasks. */
  private record Task(Runnable what, Duration after) {}

  private final List<Task> later = new ArrayList<>();
  private final TestClock clock = new TestClock();
  private final AtomicInteger announcements = new AtomicInteger();
  private final ProgressMeter meter =
      new ProgressMeter(
          clock,
          clock::nanoTime,
          Duration.ofSeconds(2),
          (what, nanos) -> later.add(new Task(what, Duration.ofNanos(nanos))),
          TransferObserver.Recorder.NONE,
          announcements::incrementAndGet);

  @Test
  void beginsQueuedWithoutBytes() {
    Progress progress = meter.snapshot();

    assertThat(progress.stage()).isEqualTo(Progress.Stage.QUEUED);
    assertThat(progress.bytes()).isZero();
    assertThat(progress.bytesPerSecond()).isZero();
    assertThat(progress.lastByteAt()).isEqualTo(START);
  }

  @Test
  void measuresTheRateOfASteadyStream() {
    meter.stage(Progress.Stage.IMPORTING);

    move(1000, Duration.ofMillis(100), 100);

    assertThat(meter.snapshot().bytes()).isEqualTo(100_000);
    assertThat(meter.snapshot().bytesPerSecond()).isBetween(9_500L, 10_500L);
  }

  @Test
  void hasNoRateForTheFirstBytes() {
    meter.stage(Progress.Stage.IMPORTING);

    move(1000, Duration.ofMillis(100), 4);
    assertThat(meter.snapshot().bytesPerSecond()).isZero();

    move(1000, Duration.ofMillis(100), 1);
    assertThat(meter.snapshot().bytesPerSecond()).isBetween(9_000L, 11_000L);
  }

  @Test
  void measuresTheRateOverTheLastSecondsOnly() {
    meter.stage(Progress.Stage.IMPORTING);
    move(100_000, Duration.ofMillis(100), 100);

    move(10, Duration.ofMillis(100), 60);

    assertThat(meter.snapshot().bytesPerSecond()).isBetween(90L, 110L);
  }

  @Test
  void measuresTheRateFromTheStageThatReads() {
    clock.pass(Duration.ofMinutes(10));
    meter.stage(Progress.Stage.IMPORTING);

    move(1000, Duration.ofMillis(100), 10);

    assertThat(meter.snapshot().bytesPerSecond()).isBetween(9_000L, 11_000L);
  }

  @Test
  void theRateFallsToZeroWithoutBytes() {
    meter.stage(Progress.Stage.IMPORTING);
    move(1000, Duration.ofMillis(100), 100);
    Instant last = meter.snapshot().lastByteAt();

    clock.pass(Duration.ofSeconds(6));

    assertThat(meter.snapshot().bytesPerSecond()).isZero();
    assertThat(meter.snapshot().lastByteAt()).isEqualTo(last);
  }

  @Test
  void measuresTheRateWithoutTheWallClock() {
    meter.stage(Progress.Stage.IMPORTING);
    move(1000, Duration.ofMillis(100), 30);

    clock.jump(Duration.ofDays(-3));
    move(1000, Duration.ofMillis(100), 30);

    assertThat(meter.snapshot().bytesPerSecond()).isBetween(9_000L, 11_000L);
  }

  @Test
  void announcesEveryStageAndBytesAtTheInterval() {
    meter.stage(Progress.Stage.PREFLIGHT);
    meter.stage(Progress.Stage.IMPORTING);
    assertThat(announcements).hasValue(2);

    move(1, Duration.ofMillis(10), 1000);
    assertThat(announcements).hasValue(2 + 5);

    clock.pass(Duration.ofMinutes(5));
    assertThat(announcements).hasValue(2 + 5);
    move(1, Duration.ZERO, 3);
    assertThat(announcements).hasValue(2 + 6);
  }

  @Test
  void announcesTheLastByteWithinTheInterval() {
    meter.stage(Progress.Stage.IMPORTING);
    clock.pass(Duration.ofMillis(500));
    meter.moved(1);
    clock.pass(Duration.ofMillis(500));
    meter.moved(1);

    assertThat(announcements).hasValue(1);
    assertThat(later).extracting(Task::after).containsExactly(Duration.ofMillis(1500));

    clock.pass(Duration.ofSeconds(1));
    later.remove(0).what().run();
    assertThat(announcements).hasValue(2);
    assertThat(later).as("scheduled announcements").isEmpty();

    clock.pass(Duration.ofMillis(100));
    meter.moved(1);
    assertThat(later).extracting(Task::after).containsExactly(Duration.ofMillis(1900));
  }

  @Test
  void aNewStageResetsTheTimeOfTheLastByte() {
    clock.pass(Duration.ofMinutes(10));
    meter.stage(Progress.Stage.IMPORTING);

    assertThat(meter.snapshot().lastByteAt()).isEqualTo(START.plus(Duration.ofMinutes(10)));
  }

  /** Lets time pass and adds bytes, so many times. */
  private void move(int bytes, Duration every, int times) {
    for (int i = 0; i < times; i++) {
      clock.pass(every);
      meter.moved(bytes);
    }
  }
}
