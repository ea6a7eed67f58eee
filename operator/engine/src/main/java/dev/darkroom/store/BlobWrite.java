package dev.darkroom.store;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Map;
import java.util.Optional;

/**
 * An unpublished write, used by one thread at a time. It ends by {@link #commit}, {@link #abort} or
 * {@link #suspend}; closing it without any of them aborts it. An append that failed has broken the
 * write: all that it still does is abort or suspend.
 */
public interface BlobWrite extends Closeable {

  /** How many bytes were appended, those before it was resumed included. */
  long position();

  /**
   * Appends all that remains in the buffer.
   *
   * @throws StoreException {@code FULL} when there is no room, else as the store is; again of the
   *     same kind when an earlier append failed
   * @throws IllegalStateException after a commit, an abort or a suspension
   */
  void append(ByteBuffer bytes) throws StoreException;

  /**
   * Makes the bytes durable and publishes them with their attributes, in one atomic step. When it
   * throws, nothing of this write is published and it is aborted.
   *
   * @throws StoreException {@code ALREADY_EXISTS} when another writer published the key first; the
   *     other's blob stays as it is; of the append's kind when an append failed
   * @throws IllegalStateException after a commit, an abort or a suspension
   */
  Blob commit(Map<String, String> attributes) throws StoreException;

  /**
   * What {@link BlobStore#resume} finds this write by, also when this process has died. It stays
   * the same as long as the write lives.
   *
   * @return empty when the store can't resume it
   */
  default Optional<String> token() {
    return Optional.empty();
  }

  /**
   * Makes what was appended outlive the process and, where the store can, the machine, without
   * keeping the writer for long: what would take longer is begun, and counts next time.
   *
   * @return how many bytes from the first on a resumed write would surely have; it may be less than
   *     {@link #position}, and 0 when the store can't resume
   * @throws StoreException as {@link #append}
   * @throws IllegalStateException as {@link #append}
   */
  default long checkpoint() throws StoreException {
    return 0;
  }

  /**
   * Lets go of the write and keeps what was written, to be resumed; after a failed append, what was
   * written before it. Aborts where the store can't resume; does nothing after a commit or an
   * abort. Never throws. It does not make durable what {@link #checkpoint} did not.
   */
  default void suspend() {
    abort();
  }

  /**
   * Reads what was appended, unpublished as it is. The channel is of no use after the write ended.
   *
   * @param offset first byte, from 0 to {@link #position}
   * @param length bytes wanted, at least 0; the range ends at {@link #position} at the latest
   * @return a channel that the caller closes; empty when the store can't read it
   * @throws StoreException as {@link #append}
   * @throws IllegalArgumentException when the range is negative or begins past the position
   * @throws IllegalStateException as {@link #append}
   */
  default Optional<ReadableByteChannel> readBack(long offset, long length) throws StoreException {
    return Optional.empty();
  }

  /**
   * Gives up and removes what was written; does nothing after a commit or a suspension. Never
   * throws.
   */
  void abort();

  @Override
  default void close() {
    abort();
  }
}
