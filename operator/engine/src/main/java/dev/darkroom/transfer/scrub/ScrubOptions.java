package dev.darkroom.transfer.scrub;

import dev.darkroom.transfer.model.TransferOptions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much scrubs may use. They have slots and memory of their own, so that no import waits for
 * one.
 *
 * @param slots how many copies are read at the same time, at least 1, each of another store
 * @param bytesPerSecond how much all of them together may read, at least 1; empty for no limit
 * @param chunkBytes how many bytes are read at once, at least 1. Each running scrub has two buffers
 *     of that size
 * @param saveEvery how often at most a position is written down
 * @param staging a directory that is there, where positions are kept; empty to begin anew after
 *     each restart. It may be that of {@link TransferOptions#staging}
 */
@RecordBuilder
public record ScrubOptions(
    int slots,
    OptionalLong bytesPerSecond,
    int chunkBytes,
    Duration saveEvery,
    Optional<Path> staging) {

  /** Checks the bounds. */
  public ScrubOptions {
    if (slots < 1 || bytesPerSecond.orElse(1) < 1 || chunkBytes < 1 || saveEvery.isNegative()) {
      throw new IllegalArgumentException("scrub options out of bounds");
    }
  }

  /** One at a time, at 32 MiB/s, a position every five seconds where there is staging. */
  public static ScrubOptions defaults() {
    return ScrubOptionsBuilder.builder()
        .slots(1)
        .bytesPerSecond(OptionalLong.of(32L << 20))
        .chunkBytes(1 << 20)
        .saveEvery(Duration.ofSeconds(5))
        .build();
  }
}
