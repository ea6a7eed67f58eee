package dev.darkroom.store.s3;

import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import dev.darkroom.store.io.WriteState;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * A write of one blob. An interrupt in {@link #append} breaks the write; the other methods run to
 * their end in spite of interrupts.
 */
final class S3Write implements BlobWrite {

  private final BlobKey key;
  private final Layout.Attempt attempt;
  private final ResumeToken token;
  private final DataUpload data;
  private final RecordPublication publication;
  private final WriteState state;

  /** Writes to an attempt that is registered in {@link OpenAttempts}; the write removes it. */
  S3Write(
      BlobKey key,
      Layout.Attempt attempt,
      ResumeToken token,
      DataUpload data,
      RecordPublication publication) {
    this.key = key;
    this.attempt = attempt;
    this.token = token;
    this.data = data;
    this.publication = publication;
    this.state = new WriteState(key);
  }

  @Override
  public long position() {
    return data.bytes();
  }

  @Override
  public void append(ByteBuffer bytes) throws StoreException {
    state.requireOpen();
    try {
      if (Thread.currentThread().isInterrupted()) {
        throw interrupted();
      }
      data.append(bytes);
    } catch (StoreException e) {
      throw state.fail(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw state.fail(interrupted());
    }
  }

  private StoreException interrupted() {
    return new StoreException(Kind.UNAVAILABLE, "interrupted while writing " + key);
  }

  @Override
  public Optional<String> token() {
    return Optional.of(token.toString());
  }

  /**
   * {@inheritDoc}
   *
   * <p>Does not wait: counts the parts that have arrived without a gap before them.
   */
  @Override
  public long checkpoint() throws StoreException {
    state.requireOpen();
    try {
      return data.arrivedBytes();
    } catch (StoreException e) {
      throw state.fail(e);
    }
  }

  @Override
  public Blob commit(Map<String, String> attributes) throws StoreException {
    try {
      state.requireOpen();
      return S3Threads.finish(() -> publish(Map.copyOf(attributes)));
    } catch (StoreException | RuntimeException e) {
      abort();
      throw e;
    }
  }

  private Blob publish(Map<String, String> attributes) throws StoreException, InterruptedException {
    Bucket.Stored stored = data.finish();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    Blob blob = new Blob(key, data.bytes(), attributes, now);
    try {
      publication.publish(key, ObjectBlobRecord.of(blob, attempt, stored));
    } catch (RecordPublication.InDoubtException e) {
      // The server may still create the record, which then needs its bytes: nothing is removed, and
      // the attempt stays registered, so that only a later process's sweep decides.
      state.end();
      throw e.failure();
    }
    state.end();
    OpenAttempts.remove(attempt);
    return blob;
  }

  @Override
  public void suspend() {
    end(data::suspend);
  }

  @Override
  public void abort() {
    end(data::discard);
  }

  private void end(Runnable how) {
    if (!state.end()) {
      return;
    }
    S3Threads.finishQuietly(
        () -> {
          try {
            how.run();
          } finally {
            OpenAttempts.remove(attempt);
          }
        });
  }
}
