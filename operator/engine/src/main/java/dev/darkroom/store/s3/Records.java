package dev.darkroom.store.s3;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.util.Optional;

/** Reads the records of a bucket. */
final class Records {

  private static final int TRIES = 5;

  private final Bucket bucket;
  private final Layout layout;

  Records(Bucket bucket, Layout layout) {
    this.bucket = bucket;
    this.layout = layout;
  }

  /**
   * Returns the record of a key, if there is one.
   *
   * @throws StoreException {@code CORRUPT} when the record is invalid
   */
  Optional<ObjectBlobRecord> find(BlobKey key) throws StoreException {
    Optional<Bucket.Small> found = bucket.getSmall(layout.record(key));
    return found.isPresent()
        ? Optional.of(ObjectBlobRecord.parse(key, found.get().text()))
        : Optional.empty();
  }

  /**
   * As {@link #find}; also compares the object with the bytes.
   *
   * @throws StoreException also {@code CORRUPT} when the bytes are missing or differ from the
   *     record
   */
  Optional<ObjectBlobRecord> findSound(BlobKey key) throws StoreException {
    Optional<ObjectBlobRecord> record = find(key);
    for (int i = 0; i < TRIES && record.isPresent(); i++) {
      Optional<Bucket.Stored> data = bucket.head(data(key, record.get()));
      if (data.isPresent()) {
        check(record.get(), data.get());
        return record;
      }
      // The blob may have been deleted, or even written again, since.
      Optional<ObjectBlobRecord> again = find(key);
      if (again.equals(record)) {
        throw missing(record.get());
      }
      record = again;
    }
    return record;
  }

  /** Returns the name of the object with the bytes of a blob. */
  String data(BlobKey key, ObjectBlobRecord record) {
    return layout.directory(key) + record.data();
  }

  /** Requires that the object matches the record. */
  void check(ObjectBlobRecord record, Bucket.Stored data) throws StoreException {
    if (data.size() != record.size()) {
      throw bucket
          .errors()
          .of(
              Kind.CORRUPT,
              "%s: %s has %,d bytes, its record says %,d"
                  .formatted(record.key(), record.data(), data.size(), record.size()));
    }
    if (!data.eTag().equals(record.eTag())) {
      throw bucket
          .errors()
          .of(
              Kind.CORRUPT,
              "%s: %s is not the object that was written: its ETag differs"
                  .formatted(record.key(), record.data()));
    }
  }

  /** For a record without bytes. */
  StoreException missing(ObjectBlobRecord record) {
    return bucket
        .errors()
        .of(Kind.CORRUPT, "%s: %s is missing".formatted(record.key(), record.data()));
  }
}
