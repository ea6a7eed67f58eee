package dev.darkroom.store.s3;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what an unpublished write has on the server. That is the upload of its object, or, when it
 * was stopped between the last two steps of its commit, the whole object without a record.
 *
 * <p>An upload is gone on with after its last part that follows the others without a gap and is as
 * big as it should be. Parts past that are sent again, under their old numbers.
 */
final class UploadResumption {

  private static final Logger LOG = LoggerFactory.getLogger(UploadResumption.class);

  private final Bucket bucket;
  private final Layout layout;

  UploadResumption(Bucket bucket, Layout layout) {
    this.bucket = bucket;
    this.layout = layout;
  }

  /** The attempt that a token is of, if it is of a write of this key. */
  Optional<Layout.Attempt> attempt(BlobKey key, ResumeToken token) {
    return layout
        .attempt(token.object())
        .filter(Layout.Attempt::isData)
        .filter(attempt -> attempt.directory().equals(layout.directory(key)));
  }

  /**
   * Brings a write up to what is there.
   *
   * @param atMost where it is to stand at most
   * @return false when nothing is there
   */
  boolean fill(DataUpload data, Layout.Attempt attempt, PartPlan plan, long atMost)
      throws StoreException {
    List<Candidate> candidates = new ArrayList<>();
    for (Uploads.Found found : bucket.uploads().find(attempt.object())) {
      if (found.upload().object().equals(attempt.object())) {
        candidates.add(
            new Candidate(
                found.upload(), usable(bucket.uploads().parts(found.upload()), plan, atMost)));
      }
    }
    if (candidates.isEmpty()) {
      return takeWhole(data, attempt, atMost);
    }
    candidates.sort(Comparator.comparingInt((Candidate c) -> c.parts().size()).reversed());
    // More than one, when the answer to the first request for an upload was lost.
    for (Candidate other : candidates.subList(1, candidates.size())) {
      bucket.uploads().abort(other.upload());
    }
    data.resume(candidates.get(0).upload(), candidates.get(0).parts());
    return true;
  }

  private record Candidate(Uploads.Upload upload, SortedMap<Integer, Uploads.Sent> parts) {}

  private static SortedMap<Integer, Uploads.Sent> usable(
      List<Uploads.FoundPart> found, PartPlan plan, long atMost) {
    SortedMap<Integer, Uploads.Sent> usable = new TreeMap<>();
    long end = 0;
    for (Uploads.FoundPart part :
        found.stream().sorted(Comparator.comparingInt(Uploads.FoundPart::number)).toList()) {
      int next = usable.size() + 1;
      end += part.sent().bytes();
      if (part.number() != next
          || next > plan.maxParts()
          || part.sent().bytes() != plan.bytesOf(next)
          || end > atMost) {
        break;
      }
      usable.put(next, part.sent());
    }
    return usable;
  }

  private boolean takeWhole(DataUpload data, Layout.Attempt attempt, long atMost)
      throws StoreException {
    Optional<Bucket.Stored> object = bucket.head(attempt.object());
    if (object.isEmpty()) {
      return false;
    }
    if (object.get().size() <= atMost) {
      data.takeWhole(object.get().size());
    } else {
      // Nothing can be cut off an object: it is begun anew under the same name.
      LOG.debug("{} is forgotten, since it is longer than {}", attempt.object(), atMost);
      bucket.delete(attempt.object());
    }
    return true;
  }

  /** The write is open in this process. */
  StoreException open(BlobKey key) {
    return bucket.faults().of(Kind.UNAVAILABLE, "the write of " + key + " is open elsewhere");
  }
}
