package dev.darkroom.transfer.model;

import dev.darkroom.source.SourceHead;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The progress of a transfer at one moment.
 *
 * @param stage of the transfer
 * @param bytes how many delivered bytes have been read, from the source or from an earlier attempt;
 *     during a conversion, how many bytes of the disk are converted
 * @param totalBytes the total, if the source announced it
 * @param bytesPerSecond over the last 5 seconds; 0 also when there is no measurement yet
 * @param lastByteAt when the last byte came, or the stage began if that was later
 * @param head of the source's answer, when there is one
 */
public record Progress(
    Stage stage,
    long bytes,
    OptionalLong totalBytes,
    long bytesPerSecond,
    Instant lastByteAt,
    Optional<SourceHead> head) {

  /** The stages of a transfer, in order. */
  public enum Stage {
    /** Waits for a free slot. */
    QUEUED,
    /** Checks the stores, opens the source. */
    PREFLIGHT,
    /** Compares the bytes of an earlier attempt with their sums, and reads them back. */
    RESUMING,
    /** Writes the bytes to the staging directory for a conversion; digests and inspects them. */
    STAGING,
    /** Converts the staged bytes. */
    CONVERTING,
    /** Reads, digests, inspects and writes, all at once. */
    IMPORTING,
    /** All bytes are read; compares digests and formats. */
    VALIDATING,
    /** The stores make the verified copies durable and visible. */
    PUBLISHING
  }

  /** The remaining time at this rate; empty without a total or a rate. */
  public Optional<Duration> eta() {
    if (totalBytes.isEmpty() || bytesPerSecond <= 0) {
      return Optional.empty();
    }
    long left = Math.max(0, totalBytes.getAsLong() - bytes);
    return Optional.of(Duration.ofSeconds((left + bytesPerSecond - 1) / bytesPerSecond));
  }
}
