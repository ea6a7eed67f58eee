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
 * Mutual exclusion of writers of one key on a server without an exclusive put. A writer puts a
 * small object beside the record-to-be and then lists: when it sees no other's, it has the claim,
 * since whoever puts one later will see this one. When it does see another's it takes its own away
 * and tries again after a random time. This needs a listing that shows what was put before it, as
 * S3 promises.
 *
 * <p>The claim of a writer that died is passed over when it is older than {@link #LIFETIME} by the
 * server's clock; a writer that sleeps for so long between its claim and its record may overwrite
 * another's.
 */
final class Claims {

  /** What a publication never takes. */
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

    /** Leaves it in place, because what was done under it may take effect later. */
    void keepUntilItExpires() {
      kept = true;
    }

    /** Gives it up. */
    @Override
    public void close() {
      if (kept) {
        return;
      }
      try {
        bucket.delete(attempt.object());
      } catch (StoreException e) {
        LOG.warn("{} is left for a sweep", attempt.object(), e);
      } finally {
        OpenAttempts.remove(attempt);
      }
    }
  }

  /**
   * Waits for the right to publish a key.
   *
   * @throws StoreException {@code ALREADY_EXISTS} when the wait is over because another has
   *     published it
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
    throw bucket.faults().of(Kind.UNAVAILABLE, "others are publishing " + key + " all the time");
  }

  /** Nobody tells when the other's claim is gone; so this is only as long as it takes. */
  private static void pause(long millis) throws InterruptedException {
    boolean never = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    LOG.trace("waited {} ms for another claim: {}", millis, never);
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
