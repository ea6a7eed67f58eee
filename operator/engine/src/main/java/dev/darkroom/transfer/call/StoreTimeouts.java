package dev.darkroom.transfer.call;

import dev.darkroom.transfer.pipeline.LagWatch;
import java.time.Duration;

/**
 * How long a store is waited for, so that one that hangs holds no slot for ever, and one that lags
 * does not hold the others for ever.
 *
 * @param call for the answer to a small call, such as a stat
 * @param append until it has taken one chunk. Longer, because a store that uploads parts may have
 *     to wait for one of them here
 * @param commit until it has published. Longer still, because it may have to make much durable
 * @param copy until it has copied a blob from a like store by itself
 * @param grace after it was interrupted, because the transfer was stopped or its time was up
 * @param lag how long it may at least hold up the others, see {@link LagWatch}
 */
public record StoreTimeouts(
    Duration call, Duration append, Duration commit, Duration copy, Duration grace, Duration lag) {

  /** 2, 5 and 15 minutes, 2 hours, 5 seconds of grace, and half a minute of lag. */
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
