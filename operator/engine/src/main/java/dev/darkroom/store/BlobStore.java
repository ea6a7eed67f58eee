package dev.darkroom.store;

import java.io.Closeable;
import java.net.URI;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A place that keeps blobs: bytes and a few attributes under a key. A blob is written once,
 * unpublished, and becomes readable by one atomic step, {@link BlobWrite#commit}; it never changes
 * after that. Nothing here knows what an image is.
 *
 * <p>Implementations are safe for use by many threads. Methods block on I/O.
 */
public interface BlobStore extends Closeable {

  /** What a store can do beyond the contract. */
  enum Capability {
    /** {@link #read} does not fetch the bytes before the offset. */
    RANGE,
    /** It can hand out a URL that works without its credentials. */
    PRESIGN,
    /** It can copy a blob from a like store without the bytes passing here: {@link #copy}. */
    SERVER_SIDE_COPY,
    /** An unpublished write outlives its process: {@link #resume}. */
    RESUME
  }

  /** What this store can do beyond the contract. */
  Set<Capability> capabilities();

  /**
   * Begins an unpublished write. Nothing is readable under the key before the write commits. Any
   * number of writes of one key may be open; one of them can commit.
   *
   * @throws StoreException {@code ALREADY_EXISTS} when the key is published already. Don't use keys
   *     that are a leading part of one another ({@code a}, {@code a/b}): some stores take the one
   *     for taken when they have the other
   */
  BlobWrite open(BlobKey key) throws StoreException;

  /**
   * Takes up an unpublished write that was suspended, or whose process died.
   *
   * <p>It stands at the end of what is there, which may be less than was appended, and more than
   * the last checkpoint was. Only up to that checkpoint the bytes are known to be what was appended
   * even when the machine, not just the process, went down: pass it as the limit, or compare what
   * is past it, by {@link BlobWrite#readBack}, with sums kept elsewhere.
   *
   * @param token what {@link BlobWrite#token} said
   * @param atMost where the write is to stand at most: what was appended past it is forgotten.
   *     Where a store keeps parts, it may have to forget a whole one
   * @return empty when there is no such write of this key (any more), or the store can't resume any
   * @throws StoreException {@code ALREADY_EXISTS} as {@link #open}; {@code UNAVAILABLE} also when
   *     the write is open elsewhere
   * @throws IllegalArgumentException when the limit is negative
   */
  default Optional<BlobWrite> resume(BlobKey key, String token, long atMost) throws StoreException {
    return Optional.empty();
  }

  /** The same, forgetting nothing. */
  default Optional<BlobWrite> resume(BlobKey key, String token) throws StoreException {
    return resume(key, token, Long.MAX_VALUE);
  }

  /**
   * Begins a write that has all bytes of a blob of another store already, copied by the stores
   * themselves. It is unpublished like any other.
   *
   * @return empty when the two can't do that; then read and {@link #open}
   * @throws StoreException as {@link #open}; {@code NOT_FOUND} when the other has no such blob
   */
  default Optional<BlobWrite> copy(BlobKey key, BlobStore from, Blob blob) throws StoreException {
    return Optional.empty();
  }

  /**
   * A URL that reads the blob without credentials for so long.
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
   * @param length bytes wanted, at least 0; the range may end past the blob, then less comes back
   * @return a channel that the caller closes; its {@code read} throws {@link StoreException}
   * @throws StoreException {@code NOT_FOUND} when there is no such blob, {@code CORRUPT} when it is
   *     not what was written, as far as the store can tell
   * @throws IllegalArgumentException when the range is negative or begins past the blob
   */
  ReadableByteChannel read(BlobKey key, long offset, long length) throws StoreException;

  /**
   * What is published under the key, if anything.
   *
   * @throws StoreException {@code CORRUPT} when something is, but not what was written, as far as
   *     the store can tell without reading all of it
   */
  Optional<Blob> stat(BlobKey key) throws StoreException;

  /**
   * The published blobs whose key begins with the prefix, in key order. The caller closes the
   * stream; while it is read, a failure comes as {@link java.io.UncheckedIOException}. A blob that
   * is corrupt may be left out, but does not keep the others from being listed.
   */
  Stream<Blob> list(String prefix) throws StoreException;

  /**
   * Removes a blob, sound or corrupt.
   *
   * @return false when there was none, which is no error
   */
  boolean delete(BlobKey key) throws StoreException;

  /**
   * Removes what unfinished writes left behind, of earlier processes or of this one, except writes
   * that are open now: in this process and, where the store can tell, in another. A write that was
   * removed so can't be resumed.
   *
   * @param keep tokens of writes that are to be resumed
   * @return how many were removed
   */
  int sweep(Set<String> keep) throws StoreException;

  /** The same, keeping none. */
  default int sweep() throws StoreException {
    return sweep(Set.of());
  }

  /**
   * Writes, reads back and deletes a small blob.
   *
   * @return what there is room for
   * @throws StoreException saying why the store can't be used
   */
  Headroom probe() throws StoreException;

  @Override
  void close();
}
