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
 * Finds the bytes of an unpublished write on the server: the upload of its object, or, after a
 * commit that stopped between its last two steps, the whole object without a record.
 *
 * <p>An upload resumes behind its last part that has no gap before it and has the planned size.
 * Later parts are sent again, under their old numbers.
 */
final class UploadResumption {

  private static final Logger LOG = LoggerFactory.getLogger(UploadResumption.class);

  private final Bucket bucket;
  private final Layout layout;

  UploadResumption(Bucket bucket, Layout layout) {
    this.bucket = bucket;
    this.layout = layout;
  }

  /** Returns the attempt of a token, if it belongs to a write of this key. */
  Optional<Layout.Attempt> attempt(BlobKey key, ResumeToken token) {
    return layout
        .attempt(token.object())
        .filter(Layout.Attempt::isData)
        .filter(attempt -> attempt.directory().equals(layout.directory(key)));
  }

  /**
   * Fills a write with the bytes on the server.
   *
   * @param atMost the limit of the position
   * @return false when the server has no bytes
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
    // There may be several, when the answer to the first request for an upload was lost.
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
      // An object can't be truncated: the write starts again under the same name.
      LOG.debug("{} can't be resumed: it is longer than {}", attempt.object(), atMost);
      bucket.delete(attempt.object());
    }
    return true;
  }

  /** For a write that is open in this process. */
  StoreException open(BlobKey key) {
    return bucket.errors().of(Kind.UNAVAILABLE, "the write of " + key + " is open elsewhere");
  }
}
