package dev.darkroom.store;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Map;
import java.util.Optional;

/**
 * An unpublished write, used by one thread at a time. It ends by {@link #commit}, {@link #abort} or
 * {@link #suspend}; a close without any of them aborts it. A failed append breaks the write, which
 * then only allows an abort or a suspension.
 */
public interface BlobWrite extends Closeable {

  /** Returns how many bytes were appended, before a resumption too. */
  long position();

  /**
   * Appends the remaining bytes of the buffer.
   *
   * @throws StoreException {@code FULL} when the capacity is used up, else by the state of the
   *     store; again of the same kind after a failed append
   * @throws IllegalStateException after a commit, an abort or a suspension
   */
  void append(ByteBuffer bytes) throws StoreException;

  /**
   * Makes the bytes durable and publishes them with their attributes, in one atomic step. After an
   * exception nothing is published and the write is aborted.
   *
   * @throws StoreException {@code ALREADY_EXISTS} when another writer published the key first,
   *     whose blob is unchanged; of the append's kind when an append failed
   * @throws IllegalStateException after a commit, an abort or a suspension
   */
  Blob commit(Map<String, String> attributes) throws StoreException;

  /**
   * Returns the token for {@link BlobStore#resume}, valid also after the process has died. Constant
   * during the life of the write.
   *
   * @return empty when the store can't resume it
   */
  default Optional<String> token() {
    return Optional.empty();
  }

  /**
   * Makes the appended bytes survive the process and, where the store can, the machine. Does not
   * block for long: starts longer work, which counts at the next checkpoint.
   *
   * @return how many bytes, from the first on, a resumed write certainly has; may be less than
   *     {@link #position}, and 0 when the store can't resume
   * @throws StoreException as {@link #append}
   * @throws IllegalStateException as {@link #append}
   */
  default long checkpoint() throws StoreException {
    return 0;
  }

  /**
   * Ends the write and keeps its bytes for a resumption; after a failed append, the bytes before
   * it. Aborts when the store can't resume; does nothing after a commit or an abort. Never throws.
   * Does not make bytes durable as {@link #checkpoint} does.
   */
  default void suspend() {
    abort();
  }

  /**
   * Reads appended, unpublished bytes. The channel must not be used after the end of the write.
   *
   * @param offset first byte, from 0 to {@link #position}
   * @param length the most bytes, at least 0; the range ends at {@link #position} at the latest
   * @return a channel that the caller closes; empty when the store can't read unpublished bytes
   * @throws StoreException as {@link #append}
   * @throws IllegalArgumentException when the range is negative or begins past the position
   * @throws IllegalStateException as {@link #append}
   */
  default Optional<ReadableByteChannel> readBack(long offset, long length) throws StoreException {
    return Optional.empty();
  }

  /** Removes the written bytes; does nothing after a commit or a suspension. Never throws. */
  void abort();

  @Override
  default void close() {
    abort();
  }
}
