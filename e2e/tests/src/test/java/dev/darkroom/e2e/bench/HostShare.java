package dev.darkroom.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How much of the CPU time that a virtual machine could have used its host gave to others. Figures
 * of a run with much of that say little, whoever is slow in it: the floors and what is above them
 * are not measured at the same instant. Known on Linux only.
 *
 * @param stolen ticks since the machine began
 * @param all ticks since then
 */
record HostShare(long stolen, long all) {

  private static final Path COUNTERS = Path.of("/proc/stat");

  /** user, nice, system, idle, iowait, irq, softirq, steal; what follows is in user already. */
  private static final int FIELDS = 8;

  /** The counters as they are now; empty where there are none. */
  static Optional<HostShare> now() {
    try {
      String[] fields = Files.readAllLines(COUNTERS).get(0).trim().split("\\s+");
      long[] ticks =
          Arrays.stream(fields).skip(1).limit(FIELDS).mapToLong(Long::parseLong).toArray();
      return Optional.of(new HostShare(ticks[FIELDS - 1], Arrays.stream(ticks).sum()));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** What was taken from then until now, in percent of all there was. */
  static OptionalDouble percentSince(Optional<HostShare> then) {
    Optional<HostShare> now = now();
    if (then.isEmpty() || now.isEmpty() || now.get().all == then.get().all) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        100.0 * (now.get().stolen - then.get().stolen) / (now.get().all - then.get().all));
  }

  /** The same as the end of a sentence; nothing where it is not known. */
  static String inWords(Optional<HostShare> then) {
    OptionalDouble percent = percentSince(then);
    return percent.isEmpty()
        ? ""
        : "; the host took %.0f %% of the CPU".formatted(percent.getAsDouble());
  }
}
