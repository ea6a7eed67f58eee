package dev.darkroom.store.filesystem;

import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.io.IoThreads;
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
 * A write into a partial directory. Blocks of zeros are left out of the file. A thread that is
 * interrupted in {@link #append}, or in reading what {@link #readBack} gave, breaks the write; the
 * other methods go to their end in spite of interrupts.
 */
final class FilesystemWrite implements BlobWrite {

  private static final Logger LOG = LoggerFactory.getLogger(FilesystemWrite.class);

  private enum State {
    OPEN,
    FAILED,
    ENDED
  }

  private final BlobKey key;
  private final StoreRoot root;
  private final Partials.Partial partial;
  private final DirectoryPublication publication;
  private final WriteBehind writeBehind;
  private State state = State.OPEN;
  private StoreException failure;
  private long position;
  private boolean findable;

  /** Takes over the partial, whose file is that long, durably. */
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
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void append(ByteBuffer bytes) throws StoreException {
    requireOpen();
    try {
      while (bytes.hasRemaining()) {
        int zeros = ZeroBlocks.leading(bytes, position);
        bytes.position(bytes.position() + zeros);
        position += zeros;
        write(bytes, ZeroBlocks.beforeNext(bytes, position));
      }
      writeBehind.appended(position);
    } catch (IOException e) {
      throw failed("write " + key, e);
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
    requireOpen();
    try {
      return IoThreads.finish(this::checkpointNow);
    } catch (IOException e) {
      throw failed("write " + key, e);
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
          "no range of the %,d bytes: offset %,d, length %,d".formatted(position, offset, length));
    }
    requireOpen();
    try {
      IoThreads.finish(this::endFile);
    } catch (IOException e) {
      throw failed("write " + key, e);
    }
    // Not by a channel of its own: POSIX drops the lock when any of the file's descriptors closes.
    long end = offset + Math.min(length, position - offset);
    return Optional.of(FileRangeChannel.borrowing(partial.content(), key, root, offset, end));
  }

  /** Writes the last byte when it lies in a hole, so that the file is as long as was appended. */
  private long endFile() throws IOException {
    if (partial.content().size() < position) {
      partial.content().write(ByteBuffer.allocate(1), position - 1);
    }
    return position;
  }

  @Override
  public Blob commit(Map<String, String> attributes) throws StoreException {
    try {
      requireOpen();
    } catch (StoreException e) {
      abort();
      throw e;
    }
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    Blob blob = new Blob(key, position, attributes, now);
    try {
      IoThreads.finish(() -> publish(blob));
    } catch (IOException e) {
      StoreException fault = root.fault("publish " + key, e);
      abort();
      throw fault;
    } catch (RuntimeException e) {
      abort();
      throw e;
    }
    state = State.ENDED;
    try {
      partial.release();
    } catch (IOException e) {
      LOG.warn("{} is published; closing its file failed", key, e);
    }
    return blob;
  }

  @Override
  public void suspend() {
    if (state == State.ENDED) {
      return;
    }
    state = State.ENDED;
    try {
      IoThreads.finish(this::letGo);
    } catch (IOException e) {
      LOG.warn("{} may be resumed with less than was written", partial.directory(), e);
    }
  }

  private Partials.Partial letGo() throws IOException {
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
    if (state == State.ENDED) {
      return;
    }
    state = State.ENDED;
    try {
      partial.discard();
    } catch (IOException e) {
      LOG.warn("{} is left for the next sweep", partial.directory(), e);
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

  private StoreException failed(String what, IOException e) {
    state = State.FAILED;
    failure = root.fault(what, e);
    return failure;
  }

  private void requireOpen() throws StoreException {
    switch (state) {
      case OPEN -> {}
      case FAILED ->
          throw new StoreException(
              failure.kind(), "an earlier append failed: " + failure.getMessage(), failure);
      case ENDED -> throw new IllegalStateException("the write of " + key + " has ended");
    }
  }
}
