package dev.darkroom.transfer.model;

import java.util.Map;
import java.util.Optional;

/**
 * The status of a transfer at one moment.
 *
 * @param progress now, or at the end
 * @param queue the place in the queue, while the transfer waits
 * @param sources the health of the copies that were read as the source, by the name of their store;
 *     also of a corrupt copy when another one was good
 * @param outcome when the transfer has ended
 */
public record TransferStatus(
    Progress progress,
    Optional<QueuePlace> queue,
    Map<String, CopyHealth> sources,
    Optional<Outcome> outcome) {

  /** Copies the collection. */
  public TransferStatus {
    sources = Map.copyOf(sources);
  }
}
