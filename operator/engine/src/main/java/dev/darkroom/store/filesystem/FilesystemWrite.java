package dev.darkroom.store.filesystem;

import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.io.IoThreads;
import dev.darkroom.store.io.WriteState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A write into a partial directory. Blocks of zeros become holes of the file. An interrupt in
 * {@link #append}, or in a read of the channel of {@link #readBack}, breaks the write; the other
 * methods run to their end in spite of interrupts.
 */
final class FilesystemWrite implements BlobWrite {

  private static final Logger LOG = LoggerFactory.getLogger(FilesystemWrite.class);

  private final BlobKey key;
  private final StoreRoot root;
  private final Partials.Partial partial;
  private final DirectoryPublication publication;
  private final WriteBehind writeBehind;
  private final WriteState state;
  private long position;
  private boolean findable;

  /** Continues a partial of which so many bytes are durable. */
  FilesystemWrite(
      BlobKey key,
      StoreRoot root,
      Partials.Partial partial,
      DirectoryPublication publication,
      long length) {
    this.key = key;
    this.root = root;
    this.partial = partial;
    this.publication = publication;
    this.writeBehind = new WriteBehind(partial.content(), length);
    this.position = length;
    this.state = new WriteState(key);
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void append(ByteBuffer bytes) throws StoreException {
    state.requireOpen();
    try {
      while (bytes.hasRemaining()) {
        int zeros = ZeroBlocks.leading(bytes, position);
        bytes.position(bytes.position() + zeros);
        position += zeros;
        write(bytes, ZeroBlocks.beforeNext(bytes, position));
      }
      writeBehind.appended(position);
    } catch (IOException e) {
      throw state.fail(root.failure("write " + key, e));
    }
  }

  private void write(ByteBuffer bytes, int length) throws IOException {
    int limit = bytes.limit();
    int end = bytes.position() + length;
    bytes.limit(end);
    try {
      while (bytes.hasRemaining()) {
        position += partial.content().write(bytes, position);
      }
    } finally {
      bytes.limit(limit);
    }
  }

  @Override
  public Optional<String> token() {
    return Optional.of(partial.directory().getFileName().toString());
  }

  @Override
  public long checkpoint() throws StoreException {
    state.requireOpen();
    try {
      return IoThreads.finish(this::checkpointNow);
    } catch (IOException e) {
      throw state.fail(root.failure("write " + key, e));
    }
  }

  private long checkpointNow() throws IOException {
    endFile();
    if (!findable) {
      partial.sync();
      findable = true;
    }
    return writeBehind.checkpoint(position);
  }

  @Override
  public Optional<ReadableByteChannel> readBack(long offset, long length) throws StoreException {
    if (offset < 0 || length < 0 || offset > position) {
      throw new IllegalArgumentException(
          "not a range of the %,d bytes: offset %,d, length %,d"
              .formatted(position, offset, length));
    }
    state.requireOpen();
    try {
      IoThreads.finish(this::endFile);
    } catch (IOException e) {
      throw state.fail(root.failure("write " + key, e));
    }
    // Shares the channel: POSIX drops the lock when any descriptor of the file closes.
    long end = offset + Math.min(length, position - offset);
    return Optional.of(FileRangeChannel.borrowing(partial.content(), key, root, offset, end));
  }

  /** Writes the last byte when it lies in a hole, so that the file has all appended bytes. */
  private long endFile() throws IOException {
    if (partial.content().size() < position) {
      partial.content().write(ByteBuffer.allocate(1), position - 1);
    }
    return position;
  }

  @Override
  public Blob commit(Map<String, String> attributes) throws StoreException {
    try {
      state.requireOpen();
    } catch (StoreException e) {
      abort();
      throw e;
    }
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    Blob blob = new Blob(key, position, attributes, now);
    try {
      IoThreads.finish(() -> publish(blob));
    } catch (IOException e) {
      StoreException failure = root.failure("publish " + key, e);
      abort();
      throw failure;
    } catch (RuntimeException e) {
      abort();
      throw e;
    }
    state.end();
    try {
      partial.release();
    } catch (IOException e) {
      LOG.warn("{} is published, but its file could not be closed", key, e);
    }
    return blob;
  }

  @Override
  public void suspend() {
    if (!state.end()) {
      return;
    }
    try {
      IoThreads.finish(this::suspendNow);
    } catch (IOException e) {
      LOG.warn(
          "The write in {} may resume with fewer bytes than were written", partial.directory(), e);
    }
  }

  private Partials.Partial suspendNow() throws IOException {
    try {
      if (partial.content().isOpen()) {
        endFile();
        writeBehind.settle();
      }
      return partial;
    } finally {
      partial.release();
    }
  }

  @Override
  public void abort() {
    if (!state.end()) {
      return;
    }
    try {
      partial.discard();
    } catch (IOException e) {
      LOG.warn("{} is left to the next sweep", partial.directory(), e);
    }
  }

  private Blob publish(Blob blob) throws IOException {
    endFile();
    writeBehind.finish();
    FileBlobRecord.write(partial.directory(), blob);
    Directories.sync(partial.directory());
    publication.publish(partial.directory(), key);
    return blob;
  }
}
