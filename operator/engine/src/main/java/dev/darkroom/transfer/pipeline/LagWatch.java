package dev.darkroom.transfer.pipeline;

import dev.darkroom.transfer.call.StoreTimeouts;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Finds the store that slows the others too much. All lanes share a limited number of chunks, so
 * the slowest sets the speed of all. The rule: a store is abandoned when it alone has slowed the
 * transfer for longer than everything else took, and for at least {@link StoreTimeouts#lag}. So no
 * store makes a transfer take much more than twice as long, and stores of like speed, however slow,
 * are never abandoned.
 *
 * <p>A store that does not take one chunk within {@link StoreTimeouts#append} hangs, whatever the
 * others do. For one thread.
 */
public final class LagWatch {

  private final StoreTimeouts timeouts;
  private final LongSupplier nanoTime;
  private final long begun;

  LagWatch(StoreTimeouts timeouts, LongSupplier nanoTime) {
    this.timeouts = timeouts;
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
  }

  /** Takes note that the reader waited for its lanes; there is at least one. */
  void waited(List<Lane> lanes, long nanos) {
    Lane slowest = lanes.stream().max(Comparator.comparingInt(Lane::backlog)).orElseThrow();
    boolean alone =
        lanes.stream().allMatch(lane -> lane == slowest || lane.backlog() <= slowest.backlog() / 2);
    if (alone) {
      slowest.addSlowed(nanos);
    }
  }

  /** The lane that slows the others too much, if there is one. */
  Optional<Lane> laggard(List<Lane> lanes) {
    long elapsed = nanoTime.getAsLong() - begun;
    return lanes.stream()
        .filter(lane -> lane.slowedNanos() > Math.max(timeouts.lag().toNanos(), elapsed / 2))
        .findFirst();
  }

  /** The lane that hangs, if there is one. */
  Optional<Lane> hanging(List<Lane> lanes) {
    long now = nanoTime.getAsLong();
    return lanes.stream()
        .filter(lane -> lane.busyNanos(now).orElse(0) > timeouts.append().toNanos())
        .findFirst();
  }
}
