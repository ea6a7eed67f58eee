package dev.darkroom.transfer.model;

import dev.darkroom.store.BlobKey;
import java.util.Optional;

/**
 * The capacity of a store with a limit: one count for all its writers. No method blocks.
 * Thread-safe.
 *
 * <p>A writer reserves the announced size of a copy, and bytes beyond it before it writes them. At
 * its end it reports the copy as published or releases it.
 */
public interface CapacityTracker {

  /**
   * Reserves so many bytes for the copy in all. An earlier reservation stays if this one fails.
   *
   * @return why there is no capacity, as a sentence that follows the name of the store; empty when
   *     the bytes are reserved
   */
  Optional<String> reserve(BlobKey key, long bytes);

  /** Turns the reservation of a copy into so many used bytes. */
  void published(BlobKey key, long bytes);

  /** Releases the reservation of a copy that is not published. */
  void release(BlobKey key);

  /** A tracker without a limit. */
  static CapacityTracker boundless() {
    return Boundless.INSTANCE;
  }

  /** A tracker without a limit. */
  enum Boundless implements CapacityTracker {
    /** The only instance, so that two targets with it are equal. */
    INSTANCE;

    @Override
    public Optional<String> reserve(BlobKey key, long bytes) {
      return Optional.empty();
    }

    @Override
    public void published(BlobKey key, long bytes) {}

    @Override
    public void release(BlobKey key) {}
  }
}
