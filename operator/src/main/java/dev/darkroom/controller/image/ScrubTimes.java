package dev.darkroom.controller.image;

import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.CopyState;
import dev.darkroom.api.Image;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.transfer.model.CopyHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decides when a copy is due for a scrub: by the time of its last verification, by the scrub
 * annotation of the image, and by the ends of earlier scrubs in this process. Thread-safe.
 */
final class ScrubTimes {

  /**
   * The end of a scrub.
   *
   * @param at the time of the end
   * @param asked the value of the annotation when the scrub began
   * @param health the result; empty when the scrub was cancelled
   */
  record Ended(Instant at, Optional<String> asked, Optional<CopyHealth> health) {

    boolean hasResult() {
      return health.filter(found -> !(found instanceof CopyHealth.Unreadable)).isPresent();
    }
  }

  /** The age of a verification up to which it proves that a copy is good. */
  static final Duration PROOF = Duration.ofDays(1);

  /** The time until the next scrub of a copy that is unreadable, or corrupt and the only one. */
  static final Duration AGAIN = Duration.ofMinutes(1);

  /** The interval of a copy differs from the setting by at most this share. */
  private static final double JITTER = 0.1;

  private final Duration interval;
  private final Map<String, Ended> ended = new ConcurrentHashMap<>();

  /** Due at an interval, with a jitter of 10 %. */
  ScrubTimes(Duration interval) {
    this.interval = interval;
  }

  /** The key of a copy. */
  static String id(Image image, String store) {
    return Objects.requireNonNull(image.getMetadata().getUid()) + "/" + store;
  }

  /** The value of the scrub annotation. */
  static Optional<String> asked(Image image) {
    return Optional.ofNullable(image.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(ApiGroup.SCRUB_ANNOTATION));
  }

  /** Whether a copy is verified. */
  static boolean isGood(StoreCopy copy) {
    return copy.state() == CopyState.AVAILABLE;
  }

  /** A scrub has ended. */
  void ended(String id, Ended end) {
    ended.put(id, end);
  }

  /** Forgets all copies whose keys begin with a prefix. */
  void forget(String prefix) {
    ended.keySet().removeIf(id -> id.startsWith(prefix));
  }

  /** Whether the last scrub of a copy in this process had that annotation and a result. */
  boolean answers(String id, Optional<String> asked) {
    return Optional.ofNullable(ended.get(id))
        .filter(Ended::hasResult)
        .filter(last -> last.asked().equals(asked))
        .isPresent();
  }

  /** The time at which a copy is due. */
  Instant due(Image image, StoreCopy copy, Instant now) {
    String id = id(image, copy.name());
    Optional<Ended> last = Optional.ofNullable(ended.get(id));
    Instant earliest = last.map(Ended::at).map(at -> at.plus(AGAIN)).orElse(Instant.EPOCH);
    Optional<String> asked = asked(image);
    boolean wanted =
        asked.isPresent()
            && !asked.get().equals(image.getStatus().observedScrub())
            && !answers(id, asked);
    if (wanted) {
      return last.map(Ended::asked).equals(Optional.of(asked)) ? earliest : now;
    }
    if (!isGood(copy)) {
      return earliest;
    }
    Duration own = interval(id);
    if (isProofWanted(image) && own.compareTo(PROOF) > 0) {
      own = PROOF;
    }
    Instant regular = copy.verifiedAt() == null ? now : Instant.parse(copy.verifiedAt()).plus(own);
    return regular.isAfter(earliest) ? regular : earliest;
  }

  /** A corrupt copy is deleted only after a scrub of a good one. */
  private static boolean isProofWanted(Image image) {
    return image.getStatus().stores().stream().anyMatch(copy -> copy.state() == CopyState.CORRUPT);
  }

  /** The interval of a copy: always the same one, and different from copy to copy. */
  private Duration interval(String id) {
    double share = 1 + JITTER * (Math.floorMod(id.hashCode(), 2001) / 1000.0 - 1);
    return Duration.ofMillis((long) (interval.toMillis() * share));
  }
}
