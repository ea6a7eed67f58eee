package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.TestBed.DISK;

import dev.darkroom.e2e.conformance.Case.Group;
import dev.darkroom.transfer.ClockedTransfers;
import dev.darkroom.transfer.Transfers;
import dev.darkroom.transfer.model.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Clock changes during a transfer: timeouts and durations must not depend on the time of day. */
final class ClockCases {

  private ClockCases() {}

  static List<Case> all() {
    return List.of(
        jump("clock jumps forward", "forward by a year", Duration.ofDays(365)),
        jump("clock jumps back", "back by ten years", Duration.ofDays(-3650)));
  }

  private static Case jump(String name, String by, Duration duration) {
    return new Case(
        Group.CLOCK,
        name,
        "The clock is set " + by + " after half of the bytes.",
        bed -> {
          Settable clock = new Settable();
          return importing(bed, clock, duration);
        },
        Expectation.stored());
  }

  private static Outcome importing(TestBed bed, Settable clock, Duration jump) throws Exception {
    bed.server()
        .on(
            "/disk",
            exchange -> {
              exchange
                  .head(200, "Content-Length: " + DISK.length)
                  .body(TestBytes.first(DISK.length / 2, DISK))
                  .flush();
              clock.jump(jump);
              exchange.body(TestBytes.from(DISK.length / 2, DISK));
            });
    Transfers transfers = ClockedTransfers.of(TestBed.options().build(), id -> {}, clock);
    return bed.run(bed.importOf("/disk"), transfers);
  }

  /** The system clock with an offset. */
  private static final class Settable extends Clock {

    private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);

    void jump(Duration by) {
      offset.set(by);
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(offset.get());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
