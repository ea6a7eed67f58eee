package dev.darkroom.controller.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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
 * The used capacity of an ImageStore: copies in the status of images, writes that run, and copies
 * that were published but are in no status yet. Thread-safe.
 */
public final class StoreCapacity implements CapacityTracker {

  /**
   * The capacity of a copy that is in no status yet.
   *
   * @param countedUntil the end of the reservation of a published copy; empty while it is written
   */
  private record Reservation(long bytes, Optional<Instant> countedUntil) {}

  private static final Duration PUBLISHED_RESERVATION = Duration.ofMinutes(10);

  @GuardedBy("this")
  private final Map<BlobKey, Reservation> reservations = new HashMap<>();

  @GuardedBy("this")
  private OptionalLong capacity = OptionalLong.empty();

  @GuardedBy("this")
  private long counted;

  @GuardedBy("this")
  private long reserved;

  @GuardedBy("this")
  private Instant now = Instant.EPOCH;

  /** Sets the capacity; copies beyond it stay. */
  synchronized void limit(OptionalLong bytes) {
    capacity = bytes;
  }

  /**
   * Sets the copies in the status of images.
   *
   * @param bytes of all copies in the store
   * @param keys of these copies
   */
  public synchronized void count(long bytes, Set<BlobKey> keys, Instant at) {
    counted = bytes;
    now = at;
    reservations
        .entrySet()
        .removeIf(
            entry ->
                entry
                    .getValue()
                    .countedUntil()
                    .filter(until -> keys.contains(entry.getKey()) || until.isBefore(at))
                    .isPresent());
    reserved = reservations.values().stream().mapToLong(Reservation::bytes).sum();
  }

  /** The used bytes, with the reservations. */
  synchronized long taken() {
    return counted + reserved;
  }

  /** The free bytes; empty without a limit. */
  synchronized OptionalLong left() {
    return capacity.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(0, capacity.getAsLong() - taken()));
  }

  @Override
  public synchronized Optional<String> reserve(BlobKey key, long bytes) {
    long has = Optional.ofNullable(reservations.get(key)).map(Reservation::bytes).orElse(0L);
    if (bytes <= has) {
      return Optional.empty();
    }
    if (left().orElse(Long.MAX_VALUE) < bytes - has) {
      return Optional.of(
          "images use or reserve %s of its capacity of %s; %s more do not fit."
              .formatted(Sizes.of(taken() - has), Sizes.of(capacity.getAsLong()), Sizes.of(bytes)));
    }
    put(key, new Reservation(bytes, Optional.empty()));
    return Optional.empty();
  }

  @Override
  public synchronized void published(BlobKey key, long bytes) {
    put(key, new Reservation(bytes, Optional.of(now.plus(PUBLISHED_RESERVATION))));
  }

  @Override
  public synchronized void release(BlobKey key) {
    Reservation gone = reservations.remove(key);
    reserved -= gone == null ? 0 : gone.bytes();
  }

  @GuardedBy("this")
  private void put(BlobKey key, Reservation reservation) {
    release(key);
    reservations.put(key, reservation);
    reserved += reservation.bytes();
  }
}
