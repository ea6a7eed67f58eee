package dev.darkroom.store;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * An unpublished write, used by one thread at a time. It ends by {@link #commit} or {@link #abort};
 * closing it without a commit aborts it.
 */
public interface BlobWrite extends Closeable {

  /** How many bytes were appended. */
  long position();

  /**
   * Appends all that remains in the buffer.
   *
   * @throws StoreException {@code FULL} when there is no room, else as the store is
   */
  void append(ByteBuffer bytes) throws StoreException;

  /**
   * Makes the bytes durable and publishes them with their attributes, in one atomic step.
   *
   * @throws StoreException {@code ALREADY_EXISTS} when another writer published the key first; this
   *     write is then aborted and the other's blob stays as it is
   */
  Blob commit(Map<String, String> attributes) throws StoreException;

  /** Gives up and removes what was written; does nothing after a commit. Never throws. */
  void abort();

  @Override
  default void close() {
    abort();
  }
}
