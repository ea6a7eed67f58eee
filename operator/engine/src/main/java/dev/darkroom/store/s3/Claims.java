package dev.darkroom.store.s3;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mutual exclusion of the writers of one key on a server without an exclusive put. A writer puts a
 * small object, its claim, beside the future record and then lists. Without another claim in the
 * list it has the right: later writers see its claim. With another claim it removes its own and
 * retries after a random time. This needs a listing that shows all earlier puts, as S3 promises.
 *
 * <p>The claim of a dead writer is ignored when it is older than {@link #LIFETIME} by the server's
 * clock. A writer that sleeps for so long between its claim and its record may overwrite another
 * record.
 */
final class Claims {

  /** Longer than any publication takes. */
  static final Duration LIFETIME = Duration.ofMinutes(15);

  private static final Logger LOG = LoggerFactory.getLogger(Claims.class);
  private static final int TRIES = 100;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;

  private final Bucket bucket;
  private final Layout layout;

  Claims(Bucket bucket, Layout layout) {
    this.bucket = bucket;
    this.layout = layout;
  }

  /** The right to publish a key. */
  final class Claim implements AutoCloseable {

    private final Layout.Attempt attempt;
    private boolean kept;

    private Claim(Layout.Attempt attempt) {
      this.attempt = attempt;
      OpenAttempts.add(attempt);
    }

    /** Keeps the claim, because the operation under it may still take effect. */
    void keepUntilItExpires() {
      kept = true;
    }

    /** Releases the claim. */
    @Override
    public void close() {
      if (kept) {
        return;
      }
      try {
        bucket.delete(attempt.object());
      } catch (StoreException e) {
        LOG.warn("{} is left to a sweep", attempt.object(), e);
      } finally {
        OpenAttempts.remove(attempt);
      }
    }
  }

  /**
   * Waits for the right to publish a key.
   *
   * @throws StoreException {@code ALREADY_EXISTS} when another writer has published the key
   */
  Claim take(BlobKey key) throws StoreException, InterruptedException {
    for (int i = 1; i <= TRIES; i++) {
      Claim claim = new Claim(layout.newClaim(key));
      boolean alone = false;
      try {
        bucket.putText(claim.attempt.object(), "1");
        alone = isAlone(claim.attempt);
        if (alone) {
          return claim;
        }
      } finally {
        if (!alone) {
          claim.close();
        }
      }
      pause(ThreadLocalRandom.current().nextLong(1, Math.min(20L * i, LONGEST_PAUSE_MILLIS)));
    }
    throw bucket.errors().of(Kind.UNAVAILABLE, "other writers keep publishing " + key);
  }

  /** Waits by time only: no event reports the end of another claim. */
  private static void pause(long millis) throws InterruptedException {
    boolean never = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    LOG.trace("Waited {} ms for another claim: {}", millis, never);
  }

  private boolean isAlone(Layout.Attempt mine) throws StoreException {
    List<ObjectListing.Found> claims = new ArrayList<>();
    ObjectListing objects = new ObjectListing(bucket, mine.directory() + "claim-");
    objects.forEachRemaining(claims::add);
    Instant now = objects.serverTime();
    return claims.stream()
        .filter(claim -> !claim.name().equals(mine.object()))
        .noneMatch(claim -> claim.modified().isAfter(now.minus(LIFETIME)));
  }
}
