package dev.darkroom.transfer.resume;

import dev.darkroom.store.BlobKey;

/**
 * An unpublished write that can be resumed.
 *
 * @param role what it is for
 * @param store the store's name
 * @param key what is written there
 * @param token what the store finds the write by
 */
public record JournalWrite(Role role, String store, BlobKey key, String token) {

  /** What a write is for. */
  public enum Role {
    /** A copy that shall be published. */
    TARGET,
    /** The bytes as delivered, to read again; in the staging directory's own store. */
    STAGING
  }
}
