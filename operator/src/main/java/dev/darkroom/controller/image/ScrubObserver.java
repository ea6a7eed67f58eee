package dev.darkroom.controller.image;

import dev.darkroom.transfer.model.CopyHealth;

/** Hears of every copy that was read again to its end, or that could not be. */
@FunctionalInterface
public interface ScrubObserver {

  /**
   * A scrub has ended; one that was stopped, as at a shutdown, is not told of. On one thread.
   *
   * @param store the name of the store that has the copy
   * @param bytes how many were read
   * @param health what was found
   */
  void scrubbed(String store, long bytes, CopyHealth health);

  /** Observes nothing. */
  static ScrubObserver none() {
    return (store, bytes, health) -> {};
  }
}
