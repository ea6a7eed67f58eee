package dev.darkroom.controller.support;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is in a store, as far as the operator knows.
 *
 * @param name the ImageStore's
 * @param ready whether the last probe was good
 * @param images how many images have a copy in it
 * @param usedBytes of those copies
 * @param availableBytes that can still be written, where the store can tell
 * @param oldestVerification when the copy was verified that was so the longest ago; empty without
 *     copies
 * @param overdueCopies how many good copies were due to be verified again long ago: their last time
 *     is more than twice the scrub interval away
 * @param copies how many there are in each state that a copy can be in, in lower case
 */
public record StoreFigures(
    String name,
    boolean ready,
    int images,
    long usedBytes,
    OptionalLong availableBytes,
    Optional<Instant> oldestVerification,
    long overdueCopies,
    Map<String, Long> copies) {

  /** Copies the collection. */
  public StoreFigures {
    copies = Map.copyOf(copies);
  }
}
