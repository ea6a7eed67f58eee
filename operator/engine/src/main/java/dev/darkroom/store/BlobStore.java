package dev.darkroom.store;

import java.io.Closeable;
import java.net.URI;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Stores blobs: bytes and a few attributes under a key. A blob is written once, unpublished, and
 * becomes readable in one atomic step, {@link BlobWrite#commit}; it never changes after that. The
 * contract knows nothing of images.
 *
 * <p>Implementations are thread-safe. Methods block on I/O.
 */
public interface BlobStore extends Closeable {

  /** The optional abilities of a store. */
  enum Capability {
    /** {@link #read} does not fetch the bytes before the offset. */
    RANGE,
    /** The store can make a URL that works without its credentials: {@link #presign}. */
    PRESIGN,
    /**
     * The store can copy a blob from a store of the same kind without a transfer through this
     * process: {@link #copy}.
     */
    SERVER_SIDE_COPY,
    /** An unpublished write outlives its process: {@link #resume}. */
    RESUME
  }

  /** Returns the optional abilities of this store. */
  Set<Capability> capabilities();

  /**
   * Starts an unpublished write. Nothing is readable under the key before the write commits. Any
   * number of writes of one key may be open; only one of them can commit.
   *
   * @throws StoreException {@code ALREADY_EXISTS} when the key is published already. Avoid keys of
   *     which one is a leading path of another ({@code a}, {@code a/b}): in some stores the first
   *     excludes the second
   */
  BlobWrite open(BlobKey key) throws StoreException;

  /**
   * Resumes an unpublished write that was suspended, or whose process died.
   *
   * <p>The position is the end of the stored bytes, which may be less than was appended, and more
   * than the last checkpoint. Only the bytes up to that checkpoint are certain when the machine,
   * not just the process, went down: pass the checkpoint as the limit, or compare the bytes behind
   * it, by {@link BlobWrite#readBack}, with checksums stored elsewhere.
   *
   * @param token from {@link BlobWrite#token}
   * @param atMost the limit of the position: bytes behind it are discarded. A store that keeps
   *     parts may discard a whole part
   * @return empty when there is no such write of this key, or the store can't resume writes
   * @throws StoreException {@code ALREADY_EXISTS} as {@link #open}; {@code UNAVAILABLE} also when
   *     the write is open elsewhere
   * @throws IllegalArgumentException when the limit is negative
   */
  default Optional<BlobWrite> resume(BlobKey key, String token, long atMost) throws StoreException {
    return Optional.empty();
  }

  /** Resumes without a limit. */
  default Optional<BlobWrite> resume(BlobKey key, String token) throws StoreException {
    return resume(key, token, Long.MAX_VALUE);
  }

  /**
   * Starts a write that has all bytes of a blob of another store already, copied by the stores. It
   * is unpublished like every write.
   *
   * @return empty when the two stores can't copy; then read and {@link #open}
   * @throws StoreException as {@link #open}; {@code NOT_FOUND} when the other store has no such
   *     blob
   */
  default Optional<BlobWrite> copy(BlobKey key, BlobStore from, Blob blob) throws StoreException {
    return Optional.empty();
  }

  /**
   * Returns a URL that reads the blob without credentials, for a limited time.
   *
   * @return empty when the store can't make one
   * @throws StoreException {@code NOT_FOUND} when there is no such blob
   */
  default Optional<URI> presign(BlobKey key, Duration validFor) throws StoreException {
    return Optional.empty();
  }

  /**
   * Reads a range.
   *
   * @param offset first byte, from 0 to the blob's size
   * @param length the most bytes, at least 0; a range that ends past the blob returns fewer
   * @return a channel that the caller closes; its {@code read} throws {@link StoreException}
   * @throws StoreException {@code NOT_FOUND} when there is no such blob, {@code CORRUPT} when it
   *     differs from what was written, as far as the store can tell
   * @throws IllegalArgumentException when the range is negative or begins past the blob
   */
  ReadableByteChannel read(BlobKey key, long offset, long length) throws StoreException;

  /**
   * Returns the blob that is published under the key, if any.
   *
   * @throws StoreException {@code CORRUPT} when it differs from what was written, as far as the
   *     store can tell without reading all of it
   */
  Optional<Blob> stat(BlobKey key) throws StoreException;

  /**
   * Lists the published blobs whose key starts with the prefix, in key order. The caller closes the
   * stream; a failure while it is read is an {@link java.io.UncheckedIOException}. The list may
   * omit a corrupt blob, but a corrupt blob does not hide others.
   */
  Stream<Blob> list(String prefix) throws StoreException;

  /**
   * Deletes a blob, sound or corrupt.
   *
   * @return false when there was no blob, which is no error
   */
  boolean delete(BlobKey key) throws StoreException;

  /**
   * Removes the leftovers of unfinished writes, of earlier processes or of this one. Spares writes
   * that are open in this process and, where the store can tell, in another. A removed write can't
   * be resumed.
   *
   * @param keep tokens of writes to resume later
   * @return the number of removed writes
   */
  int sweep(Set<String> keep) throws StoreException;

  /** Removes the leftovers of all unfinished writes. */
  default int sweep() throws StoreException {
    return sweep(Set.of());
  }

  /**
   * Writes, reads back and deletes a small blob.
   *
   * @return the free capacity
   * @throws StoreException the reason why the store can't be used
   */
  Headroom probe() throws StoreException;

  @Override
  void close();
}
