package dev.darkroom.transfer.model;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;

/**
 * One place that a transfer writes to.
 *
 * @param name the store's name, for people
 * @param store the store
 * @param key what the copy is called there
 * @param room how much may be written there: the same object for all who write to the store
 */
public record Target(String name, BlobStore store, BlobKey key, CapacityTracker room) {

  /** With as much room as there is. */
  public Target(String name, BlobStore store, BlobKey key) {
    this(name, store, key, CapacityTracker.boundless());
  }
}
