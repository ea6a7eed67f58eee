package dev.darkroom.transfer.model;

import dev.darkroom.store.BlobKey;
import java.util.Optional;

/**
 * How much may be written to a store that shall not be filled to the brim: one count for all who
 * write to it. Nothing here blocks. Safe for use by many threads.
 *
 * <p>Who writes a copy reserves what is known to come, and before bytes that nobody announced,
 * those; at its end it tells what became of the copy.
 */
public interface CapacityTracker {

  /**
   * Sees to it that the copy may have so many bytes in all, those before included. What it may have
   * already it may have still, whatever the answer.
   *
   * @return why it may not, in one sentence without a beginning; empty when it may
   */
  Optional<String> reserve(BlobKey key, long bytes);

  /** The copy is published, and takes so many bytes. */
  void published(BlobKey key, long bytes);

  /** There will be no copy: what it might have had is free again. */
  void release(BlobKey key);

  /** As much as fits. */
  static CapacityTracker boundless() {
    return Boundless.INSTANCE;
  }

  /** As much as fits. */
  enum Boundless implements CapacityTracker {
    /** The one there is: two targets with it are equal. */
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
