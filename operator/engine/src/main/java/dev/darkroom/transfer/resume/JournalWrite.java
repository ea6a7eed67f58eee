package dev.darkroom.transfer.resume;

import dev.darkroom.store.BlobKey;

/**
 * An unpublished write that can be resumed.
 *
 * @param role of the write
 * @param store the name of the store
 * @param key of the blob
 * @param token by which the store finds the write
 */
public record JournalWrite(Role role, String store, BlobKey key, String token) {

  /** The roles of writes. */
  public enum Role {
    /** A copy to be published. */
    TARGET,
    /** The delivered bytes, in the store of the staging directory. */
    STAGING
  }
}
