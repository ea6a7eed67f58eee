package dev.darkroom.transfer;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;

/**
 * One place that a transfer writes to.
 *
 * @param name the store's name, for people
 * @param store the store
 * @param key what the copy is called there
 */
public record Target(String name, BlobStore store, BlobKey key) {}
