package dev.darkroom.store.s3;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.util.Optional;

/** The records in a bucket, as they are read. */
final class Records {

  private static final int TRIES = 5;

  private final Bucket bucket;
  private final Layout layout;

  Records(Bucket bucket, Layout layout) {
    this.bucket = bucket;
    this.layout = layout;
  }

  /**
   * The record of a key, if there is one.
   *
   * @throws StoreException {@code CORRUPT} when there is something else
   */
  Optional<ObjectBlobRecord> find(BlobKey key) throws StoreException {
    Optional<Bucket.Small> found = bucket.getSmall(layout.record(key));
    return found.isPresent()
        ? Optional.of(ObjectBlobRecord.parse(key, found.get().text()))
        : Optional.empty();
  }

  /**
   * As {@link #find}, and compares the object with the bytes.
   *
   * @throws StoreException also {@code CORRUPT} when they are missing or not those of the record
   */
  Optional<ObjectBlobRecord> findSound(BlobKey key) throws StoreException {
    Optional<ObjectBlobRecord> record = find(key);
    for (int i = 0; i < TRIES && record.isPresent(); i++) {
      Optional<Bucket.Stored> data = bucket.head(data(key, record.get()));
      if (data.isPresent()) {
        check(record.get(), data.get());
        return record;
      }
      // Deleted in between, or written anew even?
      Optional<ObjectBlobRecord> again = find(key);
      if (again.equals(record)) {
        throw missing(record.get());
      }
      record = again;
    }
    return record;
  }

  /** The object with the bytes of a blob. */
  String data(BlobKey key, ObjectBlobRecord record) {
    return layout.directory(key) + record.data();
  }

  /** Fails unless what is stored is what the record says. */
  void check(ObjectBlobRecord record, Bucket.Stored data) throws StoreException {
    if (data.size() != record.size()) {
      throw bucket
          .faults()
          .of(
              Kind.CORRUPT,
              "%s: %s has %,d bytes, its record says %,d"
                  .formatted(record.key(), record.data(), data.size(), record.size()));
    }
    if (!data.eTag().equals(record.eTag())) {
      throw bucket
          .faults()
          .of(
              Kind.CORRUPT,
              "%s: %s is not the object that was written: its ETag is another"
                  .formatted(record.key(), record.data()));
    }
  }

  /** There is a record but no bytes. */
  StoreException missing(ObjectBlobRecord record) {
    return bucket
        .faults()
        .of(Kind.CORRUPT, "%s: %s is missing".formatted(record.key(), record.data()));
  }
}
