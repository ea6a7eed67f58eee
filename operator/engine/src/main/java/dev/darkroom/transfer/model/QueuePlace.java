package dev.darkroom.transfer.model;

import java.util.Optional;

/**
 * The place of a transfer in the queue.
 *
 * @param position 1 for the next transfer to start, if nothing changes
 * @param limit that it waits for
 * @param store the store without a free slot, for {@link Limit#STORE}
 */
public record QueuePlace(int position, Limit limit, Optional<String> store) {

  /** The limit that a transfer waits for. */
  public enum Limit {
    /** All slots are in use. */
    SLOTS,
    /** A store of the transfer has its maximum of transfers. */
    STORE,
    /** The tenant has its maximum of transfers. */
    TENANT
  }
}
