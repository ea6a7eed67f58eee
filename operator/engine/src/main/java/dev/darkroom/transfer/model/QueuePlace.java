package dev.darkroom.transfer.model;

import java.util.Optional;

/**
 * Where a transfer waits.
 *
 * @param position how many are to start before it as things stand, and itself: 1 is next
 * @param limit what it waits for
 * @param store the store without a free slot, where it is that
 */
public record QueuePlace(int position, Limit limit, Optional<String> store) {

  /** What keeps a transfer waiting. */
  public enum Limit {
    /** All slots are in use, or its turn is about to come. */
    SLOTS,
    /** A store that it writes to has as many writers as it may. */
    STORE,
    /** Its tenant has as many transfers as it may. */
    TENANT
  }
}
