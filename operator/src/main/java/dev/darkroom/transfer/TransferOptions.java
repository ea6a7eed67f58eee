package dev.darkroom.transfer;

import java.time.Duration;

/**
 * How much transfers may use.
 *
 * @param slots how many run at the same time, at least 1
 * @param chunkBytes how many bytes are handed on at once, at least 1
 * @param chunksInFlight how many such chunks one transfer may hold, at least 2. Direct memory in
 *     use never exceeds {@code slots × chunksInFlight × chunkBytes}
 * @param announceEvery how often at most a listener hears that bytes move
 */
public record TransferOptions(
    int slots, int chunkBytes, int chunksInFlight, Duration announceEvery) {

  /** Checks the bounds. */
  public TransferOptions {
    if (slots < 1 || chunkBytes < 1 || chunksInFlight < 2 || announceEvery.isNegative()) {
      throw new IllegalArgumentException("transfer options out of bounds");
    }
  }

  /** Four slots, 16 chunks of 1 MiB each, word of progress every two seconds. */
  public static TransferOptions defaults() {
    return new TransferOptions(4, 1 << 20, 16, Duration.ofSeconds(2));
  }

  /** The same with another number of slots. */
  public TransferOptions withSlots(int count) {
    return new TransferOptions(count, chunkBytes, chunksInFlight, announceEvery);
  }

  /** The same with another pace of announcements. */
  public TransferOptions withAnnounceEvery(Duration pace) {
    return new TransferOptions(slots, chunkBytes, chunksInFlight, pace);
  }
}
