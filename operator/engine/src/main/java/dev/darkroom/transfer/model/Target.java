package dev.darkroom.transfer.model;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;

/**
 * One store that a transfer writes to.
 *
 * @param name of the store, for messages
 * @param store that gets the copy
 * @param key of the copy
 * @param capacity of the store: the same object for all its writers
 */
public record Target(String name, BlobStore store, BlobKey key, CapacityTracker capacity) {

  /** A target whose capacity has no limit. */
  public Target(String name, BlobStore store, BlobKey key) {
    this(name, store, key, CapacityTracker.boundless());
  }
}
