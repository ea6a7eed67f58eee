package dev.darkroom.transfer.model;

import dev.darkroom.codec.DecodeLimits;
import dev.darkroom.convert.ConvertLimits;
import dev.darkroom.format.InspectionLimits;
import dev.darkroom.source.fetch.FetchOptions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The limits of transfers.
 *
 * @param slots how many run at the same time, at least 1
 * @param slotsPerStore how many of them may write to one store, at least 1; empty for all
 * @param slotsPerTenant how many of them may be one tenant's, at least 1; empty for all
 * @param chunkBytes the size of a chunk, at least 1
 * @param chunksInFlight how many such chunks one transfer may hold, at least 2. Direct memory in
 *     use never exceeds {@code slots × chunksInFlight × chunkBytes} and what the sources use
 * @param journalPartBytes how many bytes of a journal have one sum, from 1 to 64 MiB: so many may
 *     be fetched twice when the process dies
 * @param announceEvery the shortest interval between two notifications of bytes
 * @param fetch how a transfer reads its source
 * @param staging a directory of this process only, for journals, by which transfers resume after
 *     the process died, and for conversions; empty for neither
 * @param inspection the limits of the disks that sources deliver
 * @param decode the limits of a decompression
 * @param convert the limits of a conversion
 * @param qemuImg the absolute path of qemu-img; empty to search PATH when it is needed
 * @param bytesPerSecond how many bytes all transfers together may read from their sources, at least
 *     1; empty for no limit
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
    InspectionLimits inspection,
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
   * Four slots, 16 chunks of 256 KiB each (which CPU caches still have when they are read a second
   * time; with 1 MiB each GiB took a tenth of a second more), parts of 1 MiB, a notification of
   * progress every two seconds, no staging.
   */
  public static TransferOptions defaults() {
    return TransferOptionsBuilder.builder()
        .slots(4)
        .chunkBytes(256 << 10)
        .chunksInFlight(16)
        .journalPartBytes(1 << 20)
        .announceEvery(Duration.ofSeconds(2))
        .fetch(FetchOptions.defaults())
        .inspection(InspectionLimits.defaults())
        .decode(DecodeLimits.defaults())
        .convert(ConvertLimits.defaults())
        .build();
  }
}
