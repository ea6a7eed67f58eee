package dev.darkroom.transfer.pipeline;

import dev.darkroom.transfer.call.StoreTimeouts;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Finds the store that the others should not wait for any longer. All share one bounded number of
 * chunks, so the slowest sets the pace; that is as it should be as long as it costs little. The
 * rule: a store that alone has held up the transfer for longer than everything else took, and for
 * at least half a minute, has to leave. So no store can make an import take much more than twice as
 * long as it takes without it, and stores of like speed, however slow, never leave.
 *
 * <p>Besides, a store that does not take one chunk within the time for that hangs, whatever the
 * others do. Used by one thread.
 */
public final class LagWatch {

  private final StoreTimeouts patience;
  private final LongSupplier nanoTime;
  private final long begun;

  LagWatch(StoreTimeouts patience, LongSupplier nanoTime) {
    this.patience = patience;
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
  }

  /** So long the transfer waited for its lanes, of which there is at least one. */
  void waited(List<Lane> lanes, long nanos) {
    Lane slowest = lanes.stream().max(Comparator.comparingInt(Lane::backlog)).orElseThrow();
    boolean alone =
        lanes.stream().allMatch(lane -> lane == slowest || lane.backlog() <= slowest.backlog() / 2);
    if (alone) {
      slowest.heldUp(nanos);
    }
  }

  /** The one that holds up the others for too long, if there is one. */
  Optional<Lane> laggard(List<Lane> lanes) {
    long elapsed = nanoTime.getAsLong() - begun;
    return lanes.stream()
        .filter(lane -> lane.heldUpNanos() > Math.max(patience.lag().toNanos(), elapsed / 2))
        .findFirst();
  }

  /** The one that hangs, if there is one. */
  Optional<Lane> hanging(List<Lane> lanes) {
    long now = nanoTime.getAsLong();
    return lanes.stream()
        .filter(lane -> lane.busyNanos(now).orElse(0) > patience.append().toNanos())
        .findFirst();
  }
}
