package dev.darkroom.store.s3;

import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.util.Optional;
import java.util.UUID;

/** Writes a small object, reads it back, finds it in the list and deletes it. */
final class BucketProbe {

  private final Bucket bucket;
  private final Layout layout;

  BucketProbe(Bucket bucket, Layout layout) {
    this.bucket = bucket;
    this.layout = layout;
  }

  void run() throws StoreException {
    Layout.Attempt attempt = layout.newProbe();
    String text = UUID.randomUUID().toString();
    OpenAttempts.add(attempt);
    try {
      bucket.putText(attempt.object(), text);
      Optional<Bucket.Small> found = bucket.getSmall(attempt.object());
      if (found.isEmpty() || !found.get().text().equals(text)) {
        throw bucket.errors().of(Kind.CORRUPT, "the store returns other bytes than were written");
      }
      if (new ObjectListing(bucket, attempt.object()).next().isEmpty()) {
        throw bucket
            .errors()
            .of(Kind.UNAVAILABLE, "the list does not show the object that was written");
      }
      bucket.delete(attempt.object());
    } finally {
      OpenAttempts.remove(attempt);
    }
  }
}
