package dev.darkroom.transfer.model;

import java.util.Map;
import java.util.Optional;

/**
 * A submitted transfer at one moment.
 *
 * @param progress how far it is, or was when it ended
 * @param queue where it waits, while it does
 * @param sources what was found of the copies that were read as its source, by their store's name:
 *     a copy that is corrupt is told of here, whether another one did or not
 * @param outcome how it ended, once it has
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
