package dev.darkroom.transfer.scrub;

import dev.darkroom.transfer.model.TransferOptions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The limits of scrubs. They have slots and memory of their own, so that no transfer waits for one.
 *
 * @param slots how many copies are read at the same time, at least 1, each in another store
 * @param bytesPerSecond how many bytes all scrubs together may read, at least 1; empty for no limit
 * @param chunkBytes how many bytes are read at once, at least 1. Each running scrub has two buffers
 *     of that size
 * @param saveEvery the shortest interval between two saved positions
 * @param staging an existing directory for positions; empty to begin again after a restart. May be
 *     that of {@link TransferOptions#staging}
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
