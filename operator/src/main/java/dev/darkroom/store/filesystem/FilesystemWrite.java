package dev.darkroom.store.filesystem;

import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A write into a partial directory. A thread that is interrupted in {@link #append} breaks the
 * write; {@link #commit} and {@link #abort} go to their end in spite of interrupts.
 */
final class FilesystemWrite implements BlobWrite {

  private static final Logger LOG = LoggerFactory.getLogger(FilesystemWrite.class);

  private enum State {
    OPEN,
    FAILED,
    ENDED
  }

  private final BlobKey key;
  private final Root root;
  private final Partials.Partial partial;
  private final Publication publication;
  private final WriteBehind writeBehind;
  private State state = State.OPEN;
  private StoreException failure;
  private long position;

  FilesystemWrite(BlobKey key, Root root, Partials.Partial partial, Publication publication) {
    this.key = key;
    this.root = root;
    this.partial = partial;
    this.publication = publication;
    this.writeBehind = new WriteBehind(partial.content());
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
        position += partial.content().write(bytes);
      }
      writeBehind.appended(position);
    } catch (IOException e) {
      state = State.FAILED;
      failure = root.fault("write " + key, e);
      throw failure;
    }
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
    writeBehind.finish();
    BlobRecord.write(partial.directory(), blob);
    Directories.sync(partial.directory());
    publication.publish(partial.directory(), key);
    return blob;
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
