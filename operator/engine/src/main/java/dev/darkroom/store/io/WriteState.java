package dev.darkroom.store.io;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.StoreException;
import java.util.Optional;

/**
 * The life of a {@link dev.darkroom.store.BlobWrite}: open, perhaps broken by a failed append, then
 * ended. Used by one thread at a time.
 */
public final class WriteState {

  private final BlobKey key;
  private Optional<StoreException> failure = Optional.empty();
  private boolean ended;

  /** Starts open. */
  public WriteState(BlobKey key) {
    this.key = key;
  }

  /**
   * Requires that the write can be used.
   *
   * @throws StoreException when an append failed, of the same kind
   * @throws IllegalStateException when the write has ended
   */
  public void requireOpen() throws StoreException {
    if (ended) {
      throw new IllegalStateException("the write of " + key + " has ended");
    }
    if (failure.isPresent()) {
      StoreException earlier = failure.get();
      throw new StoreException(
          earlier.kind(), "an earlier append failed: " + earlier.getMessage(), earlier);
    }
  }

  /** Breaks the write; returns the failure, for the caller to throw. */
  public StoreException fail(StoreException cause) {
    failure = Optional.of(cause);
    return cause;
  }

  /** Ends the write; returns false when it had ended already. */
  public boolean end() {
    boolean first = !ended;
    ended = true;
    return first;
  }
}
