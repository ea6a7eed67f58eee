package dev.darkroom.controller.image;

import dev.darkroom.transfer.model.CopyHealth;

/** Observes scrubs. */
@FunctionalInterface
public interface ScrubObserver {

  /**
   * A scrub has ended. Not called for a cancelled scrub. Called by one thread at a time.
   *
   * @param store the name of the store with the copy
   * @param bytes the number of bytes read
   * @param health the result
   */
  void scrubbed(String store, long bytes, CopyHealth health);

  /** Observes nothing. */
  static ScrubObserver none() {
    return (store, bytes, health) -> {};
  }
}
