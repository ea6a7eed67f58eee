package dev.darkroom.controller.store;

import dev.darkroom.controller.support.Sizes;
import dev.darkroom.store.BlobKey;
import dev.darkroom.transfer.model.CapacityTracker;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How much of an ImageStore's capacity is taken: by the images that are said to be there, by those
 * that are written now, and by those that were just published and are not said to be there yet.
 * Safe for use by many threads.
 */
public final class StoreCapacity implements CapacityTracker {

  /**
   * What one copy takes that no image tells of.
   *
   * @param bytes how many
   * @param countedUntil when it is published: by then an image has told of it, or is gone
   */
  private record Claim(long bytes, Optional<Instant> countedUntil) {}

  private static final Duration UNTOLD = Duration.ofMinutes(10);

  private final Map<BlobKey, Claim> claims = new HashMap<>();
  private OptionalLong capacity = OptionalLong.empty();
  private long told;
  private long claimed;
  private Instant now = Instant.EPOCH;

  /** May have so many bytes from now on; what there is too much stays. */
  synchronized void limit(OptionalLong bytes) {
    capacity = bytes;
  }

  /**
   * Takes over what images tell.
   *
   * @param bytes of all their copies in the store
   * @param keys of these copies
   */
  public synchronized void count(long bytes, Set<BlobKey> keys, Instant at) {
    told = bytes;
    now = at;
    claims
        .entrySet()
        .removeIf(
            entry ->
                entry
                    .getValue()
                    .countedUntil()
                    .filter(until -> keys.contains(entry.getKey()) || until.isBefore(at))
                    .isPresent());
    claimed = claims.values().stream().mapToLong(Claim::bytes).sum();
  }

  /** How many bytes are taken. */
  synchronized long taken() {
    return told + claimed;
  }

  /** How many more may be taken; empty when as many as fit. */
  synchronized OptionalLong left() {
    return capacity.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(0, capacity.getAsLong() - taken()));
  }

  @Override
  public synchronized Optional<String> reserve(BlobKey key, long bytes) {
    long has = Optional.ofNullable(claims.get(key)).map(Claim::bytes).orElse(0L);
    if (bytes <= has) {
      return Optional.empty();
    }
    if (left().orElse(Long.MAX_VALUE) < bytes - has) {
      return Optional.of(
          "images have, or are about to have, %s of the %s that they may have there; %s more are too many."
              .formatted(Sizes.of(taken() - has), Sizes.of(capacity.getAsLong()), Sizes.of(bytes)));
    }
    put(key, new Claim(bytes, Optional.empty()));
    return Optional.empty();
  }

  @Override
  public synchronized void published(BlobKey key, long bytes) {
    put(key, new Claim(bytes, Optional.of(now.plus(UNTOLD))));
  }

  @Override
  public synchronized void release(BlobKey key) {
    Claim gone = claims.remove(key);
    claimed -= gone == null ? 0 : gone.bytes();
  }

  private void put(BlobKey key, Claim claim) {
    release(key);
    claims.put(key, claim);
    claimed += claim.bytes();
  }
}
