package dev.darkroom.controller.support;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The figures of a store, for metrics.
 *
 * @param name of the ImageStore
 * @param ready whether the last probe succeeded
 * @param images the number of images with an available copy in the store
 * @param usedBytes the size of these copies
 * @param availableBytes the bytes that can still be written; empty when the store does not report
 *     it
 * @param oldestVerification the earliest time of the last verification of any copy; empty without
 *     copies
 * @param overdueCopies the number of available copies whose last verification is more than two
 *     scrub intervals ago
 * @param copies the number of copies in each state, by the state's name in lower case
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
