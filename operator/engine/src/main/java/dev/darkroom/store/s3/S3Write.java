package dev.darkroom.store.s3;

import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * A write of one blob. A thread that is interrupted in {@link #append} breaks the write; the other
 * methods go to their end in spite of interrupts.
 */
final class S3Write implements BlobWrite {

  private enum State {
    OPEN,
    FAILED,
    ENDED
  }

  private final BlobKey key;
  private final Layout.Attempt attempt;
  private final ResumeToken token;
  private final DataUpload data;
  private final RecordPublication publication;
  private State state = State.OPEN;
  private StoreException failure;

  /** Takes over an attempt that is registered as open. */
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
  }

  @Override
  public long position() {
    return data.bytes();
  }

  @Override
  public void append(ByteBuffer bytes) throws StoreException {
    requireOpen();
    try {
      if (Thread.currentThread().isInterrupted()) {
        throw interrupted();
      }
      data.append(bytes);
    } catch (StoreException e) {
      throw failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(interrupted());
    }
  }

  private StoreException failed(StoreException e) {
    state = State.FAILED;
    failure = e;
    return e;
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
   * <p>Waits for nothing: what counts is the parts that have arrived without a gap.
   */
  @Override
  public long checkpoint() throws StoreException {
    requireOpen();
    try {
      return data.arrivedBytes();
    } catch (StoreException e) {
      throw failed(e);
    }
  }

  @Override
  public Blob commit(Map<String, String> attributes) throws StoreException {
    try {
      requireOpen();
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
      // The record may still come to be, and then its bytes must be there: nothing is removed, and
      // the attempt stays registered, so that only a later process's sweep decides.
      state = State.ENDED;
      throw e.trouble();
    }
    state = State.ENDED;
    OpenAttempts.remove(attempt);
    return blob;
  }

  @Override
  public void suspend() {
    end(data::letGo);
  }

  @Override
  public void abort() {
    end(data::discard);
  }

  private void end(Runnable how) {
    if (state == State.ENDED) {
      return;
    }
    state = State.ENDED;
    S3Threads.finishQuietly(
        () -> {
          try {
            how.run();
          } finally {
            OpenAttempts.remove(attempt);
          }
        });
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
