package dev.darkroom.transfer.model;

import dev.darkroom.codec.DecodeLimits;
import dev.darkroom.convert.ConvertLimits;
import dev.darkroom.source.fetch.FetchOptions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How much transfers may use.
 *
 * @param slots how many run at the same time, at least 1
 * @param slotsPerStore how many of them may write to one store, at least 1; empty for all
 * @param slotsPerTenant how many of them may be one tenant's, at least 1; empty for all
 * @param chunkBytes how many bytes are handed on at once, at least 1
 * @param chunksInFlight how many such chunks one transfer may hold, at least 2. Direct memory in
 *     use never exceeds {@code slots × chunksInFlight × chunkBytes} and what the sources use
 * @param journalPartBytes how many bytes have one sum in a journal, from 1 to 64 MiB: as many may
 *     have to be fetched twice when the process dies
 * @param announceEvery how often at most a listener hears that bytes move
 * @param fetch how one transfer reads from its source
 * @param staging a directory of this process alone, where journals are kept so that an import goes
 *     on where it was after the process died, and where disks are converted; empty to begin anew
 *     then, and to convert none
 * @param decode what a decompression may cost
 * @param convert what a conversion may cost
 * @param qemuImg the program that converts, an absolute path; empty to look for it in PATH when it
 *     is needed
 * @param bytesPerSecond how much all transfers together may read from their sources, at least 1;
 *     empty for no limit
 */
@RecordBuilder
public record TransferOptions(
    int slots,
    OptionalInt slotsPerStore,
    OptionalInt slotsPerTenant,
    int chunkBytes,
    int chunksInFlight,
    int journalPartBytes,
    Duration announceEvery,
    FetchOptions fetch,
    Optional<Path> staging,
    DecodeLimits decode,
    ConvertLimits convert,
    Optional<Path> qemuImg,
    OptionalLong bytesPerSecond) {

  /** The largest journal part: one part is held in memory while it is compared. */
  public static final int MAX_JOURNAL_PART_BYTES = 64 << 20;

  /** Checks the bounds. */
  public TransferOptions {
    if (slots < 1
        || slotsPerStore.orElse(1) < 1
        || slotsPerTenant.orElse(1) < 1
        || chunkBytes < 1
        || chunksInFlight < 2
        || journalPartBytes < 1
        || journalPartBytes > MAX_JOURNAL_PART_BYTES
        || announceEvery.isNegative()
        || bytesPerSecond.orElse(1) < 1) {
      throw new IllegalArgumentException("transfer options out of bounds");
    }
  }

  /**
   * Four slots, 16 chunks of 256 KiB each (which caches still know when they are read a second
   * time; with 1 MiB each GiB took a tenth of a second more), parts of 1 MiB, word of progress
   * every two seconds, no staging.
   */
  public static TransferOptions defaults() {
    return TransferOptionsBuilder.builder()
        .slots(4)
        .chunkBytes(256 << 10)
        .chunksInFlight(16)
        .journalPartBytes(1 << 20)
        .announceEvery(Duration.ofSeconds(2))
        .fetch(FetchOptions.defaults())
        .decode(DecodeLimits.defaults())
        .convert(ConvertLimits.defaults())
        .build();
  }
}
