package dev.darkroom.store.s3;

import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads the bytes of one attempt to an object of their own: in one request when they fit into one
 * part, else as a multipart upload. Used by one thread at a time.
 */
final class DataUpload {

  private static final Logger LOG = LoggerFactory.getLogger(DataUpload.class);

  private final Layout.Attempt attempt;
  private final Bucket bucket;
  private final PartMemory.Share memory;
  private final PartPlan plan;
  private final int partsInFlight;

  private Optional<PartUploads> uploads = Optional.empty();
  private Optional<UploadPart> filling = Optional.empty();
  private int parts;
  private long bytes;

  /** Whether all bytes are one object already, to which nothing can be appended. */
  private boolean whole;

  private boolean mayBeObject;

  DataUpload(
      Layout.Attempt attempt,
      Bucket bucket,
      PartMemory.Share memory,
      PartPlan plan,
      int partsInFlight) {
    this.attempt = attempt;
    this.bucket = bucket;
    this.memory = memory;
    this.plan = plan;
    this.partsInFlight = partsInFlight;
  }

  /** Resumes behind the parts of an upload, which are numbered from 1 without a gap. */
  void resume(Uploads.Upload upload, SortedMap<Integer, Uploads.Sent> arrived) {
    uploads = Optional.of(PartUploads.resume(bucket.uploads(), upload, arrived, partsInFlight));
    parts = arrived.size();
    bytes = arrived.values().stream().mapToLong(Uploads.Sent::bytes).sum();
  }

  /** Takes an existing object for all bytes; nothing can be appended. */
  void takeWhole(long size) {
    whole = true;
    mayBeObject = true;
    bytes = size;
  }

  /** Has the server copy the object from another one. */
  void copy(S3CopySource source, long pieceBytes) throws StoreException, InterruptedException {
    if (source.size() <= pieceBytes) {
      mayBeObject = true;
      S3Threads.run(() -> bucket.copy(source, attempt.object()));
    } else {
      copyInPieces(source, pieceBytes);
    }
    takeWhole(source.size());
  }

  private void copyInPieces(S3CopySource source, long pieceBytes)
      throws StoreException, InterruptedException {
    // Rounded up, so that there are at most maxParts pieces.
    long least = (source.size() + plan.maxParts() - 1) / plan.maxParts();
    long piece = Math.min(Math.max(pieceBytes, least), S3StoreConfig.MAX_COPY_BYTES);
    PartUploads copies = begin();
    for (long at = 0; at < source.size(); at += piece) {
      parts++;
      long end = Math.min(at + piece, source.size());
      copies.copy(parts, new Uploads.Piece(source, at, end));
    }
    copies.await();
    mayBeObject = true;
    S3Threads.run(copies::complete);
  }

  /** Returns how many bytes were appended. */
  long bytes() {
    return bytes;
  }

  /** Returns how many bytes, from the first on, a resumed write would have. */
  long arrivedBytes() throws StoreException {
    if (whole) {
      return bytes;
    }
    if (uploads.isEmpty()) {
      return 0;
    }
    uploads.get().throwIfFailed();
    return uploads.get().contiguousBytes();
  }

  /**
   * Appends all the bytes; waits while too many parts are being sent.
   *
   * @throws StoreException the failure of an earlier part
   */
  void append(ByteBuffer from) throws StoreException, InterruptedException {
    if (whole && from.hasRemaining()) {
      throw bucket
          .errors()
          .of(
              Kind.UNAVAILABLE,
              "%s is a complete object of %,d bytes; nothing can be appended"
                  .formatted(attempt.object(), bytes));
    }
    if (uploads.isPresent()) {
      uploads.get().throwIfFailed();
    }
    while (from.hasRemaining()) {
      if (filling.isPresent() && filling.get().isFull()) {
        send();
      }
      if (filling.isEmpty()) {
        filling = Optional.of(nextPart());
      }
      int before = from.remaining();
      filling.get().fill(from);
      bytes += before - from.remaining();
    }
    // The first part is kept until a byte does not fit into it; later parts are sent when full.
    if (parts > 1 && filling.isPresent() && filling.get().isFull()) {
      send();
    }
  }

  private UploadPart nextPart() throws StoreException, InterruptedException {
    if (parts == plan.maxParts()) {
      throw bucket
          .errors()
          .of(
              Kind.FULL,
              "%,d bytes in %,d parts reach the limit of the server; larger parts allow more bytes"
                  .formatted(bytes, parts));
    }
    UploadPart part = memory.newPart(plan.bytesOf(parts + 1));
    parts++;
    return part;
  }

  private void send() throws StoreException, InterruptedException {
    PartUploads to = begin();
    UploadPart part = filling.orElseThrow();
    filling = Optional.empty();
    to.send(parts, part);
  }

  private PartUploads begin() throws StoreException {
    if (uploads.isEmpty()) {
      uploads =
          Optional.of(
              S3Threads.finish(
                  () -> PartUploads.begin(bucket.uploads(), attempt.object(), partsInFlight)));
    }
    return uploads.get();
  }

  /**
   * Sends the rest and makes all bytes one object.
   *
   * @return the object on the server
   */
  Bucket.Stored finish() throws StoreException, InterruptedException {
    if (!whole) {
      Optional<Bucket.Stored> stored = complete();
      if (stored.isPresent()) {
        return stored.get();
      }
    }
    release();
    Bucket.Stored stored =
        bucket
            .head(attempt.object())
            .orElseThrow(() -> incomplete("the server has no such object"));
    if (stored.size() != bytes) {
      throw incomplete("the object has %,d".formatted(stored.size()));
    }
    return stored;
  }

  /** Returns the object that exists in spite of an error; empty when there was no error. */
  private Optional<Bucket.Stored> complete() throws StoreException, InterruptedException {
    if (uploads.isPresent() && bytes > 0) {
      if (filling.isPresent()) {
        send();
      }
      uploads.get().await();
    }
    try {
      mayBeObject = true;
      if (uploads.isPresent() && bytes > 0) {
        uploads.get().complete();
      } else {
        putAtOnce();
      }
      return Optional.empty();
    } catch (StoreException e) {
      // The answer may be lost although the server completed the object.
      Optional<Bucket.Stored> stored = lookAfter(e);
      if (stored.isEmpty() || stored.get().size() != bytes) {
        throw e;
      }
      return stored;
    }
  }

  private void putAtOnce() throws StoreException, InterruptedException {
    if (filling.isEmpty()) {
      filling = Optional.of(memory.newPart(0));
    }
    bucket.put(attempt.object(), filling.get());
    if (uploads.isPresent()) {
      // Resumed, and empty after all: an upload has no empty parts.
      uploads.get().abort();
    }
  }

  private StoreException incomplete(String found) {
    return bucket
        .errors()
        .of(
            Kind.UNAVAILABLE,
            "%,d bytes were written to %s, but %s".formatted(bytes, attempt.object(), found));
  }

  private Optional<Bucket.Stored> lookAfter(StoreException failure) {
    try {
      return bucket.head(attempt.object());
    } catch (StoreException e) {
      failure.addSuppressed(e);
      return Optional.empty();
    }
  }

  /**
   * Discards the bytes in memory and makes sure that the server has an upload to resume, perhaps an
   * empty one. Never throws.
   */
  void suspend() {
    try {
      if (!whole) {
        PartUploads open = begin();
        if (filling.isPresent() && filling.get().isFull()) {
          send();
        }
        open.suspend();
      }
    } catch (StoreException e) {
      LOG.warn(
          "The write of {} may resume with fewer bytes than were written", attempt.object(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("The write of {} may resume with fewer bytes than were written", attempt.object());
    } finally {
      release();
    }
  }

  /** Removes the bytes in memory and on the server. Never throws. */
  void discard() {
    release();
    try {
      if (uploads.isPresent()) {
        uploads.get().abort();
      }
      if (mayBeObject) {
        bucket.delete(attempt.object());
      }
    } catch (StoreException | RuntimeException e) {
      LOG.warn("{} is left to a sweep", attempt.object(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("{} is left to a sweep", attempt.object());
    }
  }

  private void release() {
    filling.ifPresent(UploadPart::release);
    filling = Optional.empty();
  }
}
