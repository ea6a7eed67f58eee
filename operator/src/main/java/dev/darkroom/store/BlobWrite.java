package dev.darkroom.store;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * An unpublished write, used by one thread at a time. It ends by {@link #commit} or {@link #abort};
 * closing it without a commit aborts it. An append that failed has broken the write: all that it
 * still does is abort.
 */
public interface BlobWrite extends Closeable {

  /** How many bytes were appended. */
  long position();

  /**
   * Appends all that remains in the buffer.
   *
   * @throws StoreException {@code FULL} when there is no room, else as the store is; again of the
   *     same kind when an earlier append failed
   * @throws IllegalStateException after a commit or an abort
   */
  void append(ByteBuffer bytes) throws StoreException;

  /**
   * Makes the bytes durable and publishes them with their attributes, in one atomic step. When it
   * throws, nothing of this write is published and it is aborted.
   *
   * @throws StoreException {@code ALREADY_EXISTS} when another writer published the key first; the
   *     other's blob stays as it is; of the append's kind when an append failed
   * @throws IllegalStateException after a commit or an abort
   */
  Blob commit(Map<String, String> attributes) throws StoreException;

  /** Gives up and removes what was written; does nothing after a commit. Never throws. */
  void abort();

  @Override
  default void close() {
    abort();
  }
}
