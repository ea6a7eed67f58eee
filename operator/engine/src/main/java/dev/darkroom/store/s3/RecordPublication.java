package dev.darkroom.store.s3;

import dev.darkroom.s3.S3Errors;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes and withdraws a blob by its record. At most one writer creates the record of a key, in
 * one of two ways:
 *
 * <ul>
 *   <li>by an exclusive put ({@code If-None-Match: *}), where a trial has shown that the server
 *       obeys the condition;
 *   <li>else under a {@linkplain Claims claim}: some servers ignore the condition and others refuse
 *       the request.
 * </ul>
 *
 * <p>In both cases the record is read back; the publication succeeds only when it is the writer's
 * own.
 */
final class RecordPublication {

  private static final Logger LOG = LoggerFactory.getLogger(RecordPublication.class);
  private static final int TRIES = 5;

  /** The ways of an exclusive creation. */
  private enum Exclusion {
    PUT_IF_ABSENT,
    CLAIM
  }

  /** It is unknown whether the record was created; the server may still create it. */
  static final class InDoubtException extends Exception {

    private static final long serialVersionUID = 1L;

    private final StoreException failure;

    InDoubtException(StoreException failure) {
      super(failure);
      this.failure = failure;
    }

    StoreException failure() {
      return failure;
    }
  }

  private final Bucket bucket;
  private final Layout layout;
  private final Records records;
  private final Claims claims;
  private volatile Optional<Exclusion> exclusion = Optional.empty();

  RecordPublication(Bucket bucket, Layout layout, Records records, Claims claims) {
    this.bucket = bucket;
    this.layout = layout;
    this.records = records;
    this.claims = claims;
  }

  /**
   * Requires that no blob is published under the key.
   *
   * @throws StoreException {@code ALREADY_EXISTS}
   */
  void requireFree(BlobKey key) throws StoreException {
    if (bucket.getSmall(layout.record(key)).isPresent()) {
      throw taken(key);
    }
  }

  private StoreException taken(BlobKey key) {
    return bucket.errors().of(Kind.ALREADY_EXISTS, key + " exists already");
  }

  /**
   * Creates the record.
   *
   * @throws StoreException {@code ALREADY_EXISTS} when there is one; of another kind when it could
   *     not be created. In any case it was not created
   */
  void publish(BlobKey key, ObjectBlobRecord record)
      throws StoreException, InDoubtException, InterruptedException {
    String json = record.toJson();
    switch (exclusion()) {
      case PUT_IF_ABSENT -> putIfAbsent(key, record, json);
      case CLAIM -> {
        try (Claims.Claim claim = claims.take(key)) {
          putUnder(claim, key, record, json);
        }
      }
    }
  }

  private void putIfAbsent(BlobKey key, ObjectBlobRecord record, String json)
      throws StoreException, InDoubtException {
    for (int i = 1; ; i++) {
      try {
        bucket.putTextIfAbsent(layout.record(key), json);
      } catch (StoreException e) {
        if (isPublished(key, record, e)) {
          return;
        }
        // A blob was deleted at the same moment.
        if (e.kind() == Kind.ALREADY_EXISTS && i < TRIES) {
          continue;
        }
        throw failed(e);
      }
      verify(key, record);
      return;
    }
  }

  private void putUnder(Claims.Claim claim, BlobKey key, ObjectBlobRecord record, String json)
      throws StoreException, InDoubtException {
    requireFree(key);
    try {
      bucket.putText(layout.record(key), json);
    } catch (StoreException e) {
      if (isPublished(key, record, e)) {
        return;
      }
      if (!S3StoreErrors.isRefusal(e)) {
        claim.keepUntilItExpires();
      }
      throw failed(e);
    }
    verify(key, record);
  }

  /**
   * Checks the created record, since some servers ignore the condition in a race. When there is no
   * record, another process has deleted the blob already.
   */
  private void verify(BlobKey key, ObjectBlobRecord record)
      throws StoreException, InDoubtException {
    boolean unused =
        isPublished(
            key,
            record,
            bucket.errors().of(Kind.UNAVAILABLE, "the record of " + key + " can't be read back"));
  }

  /**
   * Returns whether the record is this writer's own: the answer to its put may be lost, and the
   * retry then finds the record.
   *
   * @param failure the failure of the put
   * @throws StoreException {@code ALREADY_EXISTS} when it is another record
   */
  private boolean isPublished(BlobKey key, ObjectBlobRecord record, StoreException failure)
      throws StoreException, InDoubtException {
    Optional<ObjectBlobRecord> found;
    try {
      found = records.find(key);
    } catch (StoreException e) {
      if (e.kind() == Kind.CORRUPT) {
        throw taken(key);
      }
      failure.addSuppressed(e);
      throw new InDoubtException(failure);
    }
    if (found.isPresent() && !found.get().data().equals(record.data())) {
      throw taken(key);
    }
    return found.isPresent();
  }

  private static StoreException failed(StoreException e) throws InDoubtException {
    if (S3StoreErrors.isRefusal(e)) {
      return e;
    }
    throw new InDoubtException(e);
  }

  /** Finds out by a trial, once, which exclusion the server supports. */
  private Exclusion exclusion() throws StoreException {
    if (exclusion.isEmpty()) {
      Layout.Attempt trial = layout.newProbe();
      OpenAttempts.add(trial);
      try {
        bucket.putText(trial.object(), "1");
        exclusion = Optional.of(exclusionAt(trial));
        LOG.debug("{}: exclusion by {}", bucket.errors().where(), exclusion.get());
      } finally {
        removeTrial(trial);
      }
    }
    return exclusion.get();
  }

  private Exclusion exclusionAt(Layout.Attempt trial) throws StoreException {
    try {
      bucket.putTextIfAbsent(trial.object(), "2");
      return Exclusion.CLAIM;
    } catch (StoreException e) {
      if (e.kind() == Kind.ALREADY_EXISTS) {
        return Exclusion.PUT_IF_ABSENT;
      }
      if (S3StoreErrors.is(S3Errors.Kind.NOT_IMPLEMENTED, e)) {
        return Exclusion.CLAIM;
      }
      throw e;
    }
  }

  private void removeTrial(Layout.Attempt trial) {
    try {
      bucket.delete(trial.object());
    } catch (StoreException e) {
      LOG.warn("{} is left to a sweep", trial.object(), e);
    } finally {
      OpenAttempts.remove(trial);
    }
  }

  /**
   * Deletes a blob, sound or corrupt: first the record, which makes it invisible, then the bytes.
   *
   * @return false when there was no blob
   */
  boolean withdraw(BlobKey key) throws StoreException {
    Optional<Bucket.Small> found = bucket.getSmall(layout.record(key));
    for (int i = 1; found.isPresent(); i++) {
      try {
        removeRecord(layout.record(key), found.get());
        removeData(key, found.get());
        return true;
      } catch (StoreException e) {
        // Deleted and written again by other processes: the blob to delete is gone, the new one is
        // inspected.
        if (e.kind() != Kind.ALREADY_EXISTS || i == TRIES) {
          throw e;
        }
      }
      found = bucket.getSmall(layout.record(key));
    }
    return false;
  }

  private void removeRecord(String object, Bucket.Small found) throws StoreException {
    switch (exclusion()) {
      case PUT_IF_ABSENT -> bucket.deleteIfSame(object, found.eTag());
      case CLAIM -> bucket.delete(object);
    }
  }

  private void removeData(BlobKey key, Bucket.Small found) {
    try {
      bucket.delete(records.data(key, ObjectBlobRecord.parse(key, found.text())));
    } catch (StoreException e) {
      LOG.warn("{} is deleted; its bytes are left to a sweep", key, e);
    }
  }
}
