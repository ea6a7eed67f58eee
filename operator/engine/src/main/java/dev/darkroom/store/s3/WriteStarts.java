package dev.darkroom.store.s3;

import dev.darkroom.s3.S3Errors;
import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.util.Optional;

/**
 * Starts the writes of one store: new ones, resumed ones, and copies of blobs on the same server.
 * Thread-safe; all writes share one {@link PartMemory}.
 */
final class WriteStarts {

  private final S3StoreConfig config;
  private final Bucket bucket;
  private final Layout layout;
  private final Records records;
  private final RecordPublication publication;
  private final PartMemory memory;

  WriteStarts(
      S3StoreConfig config,
      Bucket bucket,
      Layout layout,
      Records records,
      RecordPublication publication) {
    this.config = config;
    this.bucket = bucket;
    this.layout = layout;
    this.records = records;
    this.publication = publication;
    this.memory = new PartMemory(config.bufferBytes());
  }

  /** As {@link S3Store#open(BlobKey)}. */
  BlobWrite open(BlobKey key) throws StoreException {
    publication.requireFree(key);
    Layout.Attempt attempt = layout.newData(key);
    OpenAttempts.add(attempt);
    return write(key, attempt, plan(), data(attempt, plan()));
  }

  /** As {@link S3Store#resume}. */
  Optional<BlobWrite> resume(BlobKey key, String token, long atMost) throws StoreException {
    publication.requireFree(key);
    Optional<ResumeToken> parsed = ResumeToken.parse(token);
    return parsed.isPresent() ? resume(key, parsed.get(), atMost) : Optional.empty();
  }

  private Optional<BlobWrite> resume(BlobKey key, ResumeToken token, long atMost)
      throws StoreException {
    UploadResumption resumption = new UploadResumption(bucket, layout);
    Optional<Layout.Attempt> found = resumption.attempt(key, token);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Layout.Attempt attempt = found.get();
    if (!OpenAttempts.add(attempt)) {
      throw resumption.open(key);
    }
    Optional<BlobWrite> write = Optional.empty();
    try {
      DataUpload data = data(attempt, token.plan());
      if (resumption.fill(data, attempt, token.plan(), atMost)) {
        write = Optional.of(new S3Write(key, attempt, token, data, publication));
      }
      return write;
    } finally {
      if (write.isEmpty()) {
        OpenAttempts.remove(attempt);
      }
    }
  }

  /**
   * Copies a blob on the server. An interrupt ends it between two requests.
   *
   * @return empty when the server can't copy objects
   */
  Optional<BlobWrite> copy(BlobKey key, WriteStarts other, Blob blob) throws StoreException {
    S3Threads.run(() -> publication.requireFree(key));
    S3CopySource source = S3Threads.finish(() -> other.source(blob));
    Layout.Attempt attempt = layout.newData(key);
    OpenAttempts.add(attempt);
    DataUpload data = data(attempt, plan());
    S3Write write = write(key, attempt, plan(), data);
    try {
      data.copy(source, config.copyPartBytes());
      return Optional.of(write);
    } catch (StoreException e) {
      write.abort();
      if (S3StoreErrors.is(S3Errors.Kind.NOT_IMPLEMENTED, e)) {
        return Optional.empty();
      }
      throw copyFailed(source, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      write.abort();
      throw bucket.errors().of(Kind.UNAVAILABLE, "interrupted while copying " + blob.key());
    }
  }

  private static StoreException copyFailed(S3CopySource source, StoreException e) {
    if (S3StoreErrors.is(S3Errors.Kind.CONDITION, e)) {
      return new StoreException(
          Kind.CORRUPT, source.object() + " is not the object that was written", e);
    }
    return e;
  }

  private S3CopySource source(Blob blob) throws StoreException {
    ObjectBlobRecord record =
        records
            .findSound(blob.key())
            .orElseThrow(() -> bucket.errors().of(Kind.NOT_FOUND, "no blob " + blob.key()));
    if (!record.toBlob().equals(blob)) {
      throw bucket.errors().of(Kind.NOT_FOUND, blob.key() + " was replaced by another blob");
    }
    return new S3CopySource(
        config.bucket(), records.data(blob.key(), record), record.size(), record.eTag());
  }

  private PartPlan plan() {
    return new PartPlan(config.partBytes(), config.maxParts());
  }

  private DataUpload data(Layout.Attempt attempt, PartPlan plan) {
    return new DataUpload(attempt, bucket, memory.share(), plan, config.partsInFlight());
  }

  private S3Write write(BlobKey key, Layout.Attempt attempt, PartPlan plan, DataUpload data) {
    return new S3Write(key, attempt, new ResumeToken(attempt.object(), plan), data, publication);
  }
}
