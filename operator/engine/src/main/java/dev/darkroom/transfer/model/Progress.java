package dev.darkroom.transfer.model;

import dev.darkroom.source.SourceHead;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a transfer is, at one moment.
 *
 * @param stage what it is doing
 * @param bytes how many of the source's there are, read back or read from it, as it delivers them;
 *     of a disk that is converted, how many of the disk's are done
 * @param totalBytes how many there will be, if that was announced
 * @param bytesPerSecond over the last few seconds; 0 also when it is too early to tell
 * @param lastByteAt when the last byte came, or its stage began if that was later
 * @param head what the source said before the first byte, once it has
 */
public record Progress(
    Stage stage,
    long bytes,
    OptionalLong totalBytes,
    long bytesPerSecond,
    Instant lastByteAt,
    Optional<SourceHead> head) {

  /** What a transfer does, in this order. */
  public enum Stage {
    /** Waits for a free slot. */
    QUEUED,
    /** Asks the source, checks the stores. */
    PREFLIGHT,
    /** Compares what an earlier attempt left with its sums, and reads it back. */
    RESUMING,
    /** Reads, digests and inspects what is to be converted, into the staging directory. */
    STAGING,
    /** Has it converted there. */
    CONVERTING,
    /** Reads, digests, inspects and writes, all at once. */
    IMPORTING,
    /** All bytes are here; digests and formats are compared. */
    VALIDATING,
    /** The verdict was good; the stores make the copies durable and visible. */
    PUBLISHING
  }

  /** How long it takes at this rate, where that can be told. */
  public Optional<Duration> eta() {
    if (totalBytes.isEmpty() || bytesPerSecond <= 0) {
      return Optional.empty();
    }
    long left = Math.max(0, totalBytes.getAsLong() - bytes);
    return Optional.of(Duration.ofSeconds((left + bytesPerSecond - 1) / bytesPerSecond));
  }
}
