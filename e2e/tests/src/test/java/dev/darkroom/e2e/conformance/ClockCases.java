package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.World.DISK;

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

/** Clocks that are set while bytes flow: nothing that takes a time may be measured by them. */
final class ClockCases {

  private ClockCases() {}

  static List<Case> all() {
    return List.of(
        jump("clock jumps ahead", "a year ahead", Duration.ofDays(365)),
        jump("clock jumps back", "ten years back", Duration.ofDays(-3650)));
  }

  private static Case jump(String name, String by, Duration duration) {
    return new Case(
        Group.CLOCK,
        name,
        "The time of day is set " + by + " when half of the bytes have come.",
        world -> {
          Settable clock = new Settable();
          return importing(world, clock, duration);
        },
        Check.stored());
  }

  private static Outcome importing(World world, Settable clock, Duration jump) throws Exception {
    world
        .server()
        .on(
            "/disk",
            exchange -> {
              exchange
                  .head(200, "Content-Length: " + DISK.length)
                  .body(Bytes.first(DISK.length / 2, DISK))
                  .flush();
              clock.jump(jump);
              exchange.body(Bytes.from(DISK.length / 2, DISK));
            });
    Transfers transfers = ClockedTransfers.of(World.options().build(), id -> {}, clock);
    return world.bring(world.importOf("/disk"), transfers);
  }

  /** The system's, but for what it is set by. */
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
