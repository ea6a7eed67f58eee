package dev.darkroom.transfer.call;

import dev.darkroom.transfer.pipeline.LagWatch;
import java.time.Duration;

/**
 * The timeouts of stores: a store that hangs frees its slot, and a slow store does not slow the
 * others for ever.
 *
 * @param call of a small call, such as a stat
 * @param append of one chunk. Longer, because a store that uploads parts may have to wait for one
 *     of them here
 * @param commit of a publication. Longer still, because the store may have to make much durable
 * @param copy of a copy of a blob inside like stores
 * @param grace between the interrupt of a call, after a timeout or a cancellation, and its
 *     abandonment
 * @param lag how long one store may slow the others at least, see {@link LagWatch}
 */
public record StoreTimeouts(
    Duration call, Duration append, Duration commit, Duration copy, Duration grace, Duration lag) {

  /** 2, 5 and 15 minutes, 2 hours, 5 seconds of grace, 30 seconds of lag. */
  public static StoreTimeouts defaults() {
    return new StoreTimeouts(
        Duration.ofMinutes(2),
        Duration.ofMinutes(5),
        Duration.ofMinutes(15),
        Duration.ofHours(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30));
  }
}
