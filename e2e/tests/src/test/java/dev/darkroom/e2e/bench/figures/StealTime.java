package dev.darkroom.e2e.bench.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * CPU steal time of a virtual machine: the share taken by the host. Runs with a high share are not
 * comparable, because floors and subjects are not measured at the same time. Linux only.
 *
 * @param stolen ticks since boot
 * @param all ticks since boot
 */
public record StealTime(long stolen, long all) {

  private static final Path COUNTERS = Path.of("/proc/stat");

  /** user, nice, system, idle, iowait, irq, softirq, steal; later fields are included in user. */
  private static final int FIELDS = 8;

  /** The current counters; empty if unknown. */
  public static Optional<StealTime> now() {
    try {
      String[] fields = Files.readAllLines(COUNTERS).get(0).trim().split("\\s+");
      long[] ticks =
          Arrays.stream(fields).skip(1).limit(FIELDS).mapToLong(Long::parseLong).toArray();
      return Optional.of(new StealTime(ticks[FIELDS - 1], Arrays.stream(ticks).sum()));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** The steal time since the given counters, in percent. */
  public static OptionalDouble percentSince(Optional<StealTime> then) {
    Optional<StealTime> now = now();
    if (then.isEmpty() || now.isEmpty() || now.get().all == then.get().all) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        100.0 * (now.get().stolen - then.get().stolen) / (now.get().all - then.get().all));
  }

  /** The steal time as the end of a log line; empty if unknown. */
  public static String inWords(Optional<StealTime> then) {
    OptionalDouble percent = percentSince(then);
    return percent.isEmpty() ? "" : "; %.0f %% steal time".formatted(percent.getAsDouble());
  }
}
