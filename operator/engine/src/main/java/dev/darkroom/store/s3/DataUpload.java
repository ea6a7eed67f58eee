package dev.darkroom.store.s3;

import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of one attempt on their way to an object of their own: in one request when they fit
 * into one part, else as a multipart upload. Used by one thread at a time.
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

  /** Whether all is one object already, to which nothing can be added. */
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

  /** Goes on after the parts that an upload has, which follow one another from 1 on. */
  void resume(Uploads.Upload upload, SortedMap<Integer, Uploads.Sent> there) {
    uploads = Optional.of(PartUploads.resume(bucket.uploads(), upload, there, partsInFlight));
    parts = there.size();
    bytes = there.values().stream().mapToLong(Uploads.Sent::bytes).sum();
  }

  /** Takes an object that is there for all that will come. */
  void takeWhole(long size) {
    whole = true;
    mayBeObject = true;
    bytes = size;
  }

  /** Has the server make the object of another that it has. */
  void copy(S3CopySource source, long pieceBytes) throws StoreException, InterruptedException {
    if (source.size() <= pieceBytes) {
      mayBeObject = true;
      S3Threads.finish(
          () -> {
            bucket.copy(source, attempt.object());
            return null;
          });
    } else {
      copyInPieces(source, pieceBytes);
    }
    takeWhole(source.size());
  }

  private void copyInPieces(S3CopySource source, long pieceBytes)
      throws StoreException, InterruptedException {
    // Rounded up, so that the last is not one too many.
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
    S3Threads.finish(
        () -> {
          copies.complete();
          return null;
        });
  }

  /** How many bytes it took. */
  long bytes() {
    return bytes;
  }

  /** What a resumed write would have: bytes from the first on. */
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
   * Takes all the bytes; waits while too many parts are on their way.
   *
   * @throws StoreException when a part could not be sent
   */
  void append(ByteBuffer from) throws StoreException, InterruptedException {
    if (whole && from.hasRemaining()) {
      throw bucket
          .faults()
          .of(
              Kind.UNAVAILABLE,
              "%s is an object of %,d bytes already, to which nothing can be added"
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
    // The first part stays until there is a byte too many for one request; others go at once.
    if (parts > 1 && filling.isPresent() && filling.get().isFull()) {
      send();
    }
  }

  private UploadPart nextPart() throws StoreException, InterruptedException {
    if (parts == plan.maxParts()) {
      throw bucket
          .faults()
          .of(
              Kind.FULL,
              "%,d bytes in %,d parts are all that the server takes; bigger parts would take more"
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
   * Sends the rest and makes an object of all.
   *
   * @return what the server has then
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
        bucket.head(attempt.object()).orElseThrow(() -> incomplete("nothing is there"));
    if (stored.size() != bytes) {
      throw incomplete("%,d are there".formatted(stored.size()));
    }
    return stored;
  }

  /** Empty when the server has said yes, else what is there in spite of what it said. */
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
      // Perhaps only the answer was lost, and asking again was of no use.
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
        .faults()
        .of(
            Kind.UNAVAILABLE,
            "%,d bytes were written to %s and %s".formatted(bytes, attempt.object(), found));
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
   * Gives up what is in memory and sees to it that there is an upload to be resumed, if only an
   * empty one. Never throws.
   */
  void letGo() {
    try {
      if (!whole) {
        PartUploads open = begin();
        if (filling.isPresent() && filling.get().isFull()) {
          send();
        }
        open.suspend();
      }
    } catch (StoreException e) {
      LOG.warn("{} may be resumed with less than was written", attempt.object(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("{} may be resumed with less than was written", attempt.object());
    } finally {
      release();
    }
  }

  /** Gives up what is in memory and on the server. Never throws. */
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
      LOG.warn("{} is left for a sweep", attempt.object(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("{} is left for a sweep", attempt.object());
    }
  }

  private void release() {
    filling.ifPresent(UploadPart::release);
    filling = Optional.empty();
  }
}
