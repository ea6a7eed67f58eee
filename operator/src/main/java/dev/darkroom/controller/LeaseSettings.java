package dev.darkroom.controller;

import java.time.Duration;

/**
 * The Lease that says which of several operators works.
 *
 * @param namespace where it is
 * @param name its name
 * @param identity of this process; no other has the same, nor has had it before
 * @param duration how long the others wait since they last saw it renewed, at least 1 s
 */
public record LeaseSettings(String namespace, String name, String identity, Duration duration) {

  /** Checks the duration. */
  public LeaseSettings {
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("a Lease lasts a second at least");
    }
  }

  /** How long after it last renewed the Lease its holder stops working: two thirds of it. */
  Duration renewDeadline() {
    return duration.multipliedBy(2).dividedBy(3);
  }

  /**
   * How long after it last renewed the Lease its holder must have stopped. What is left is for
   * clocks that do not run alike.
   */
  Duration stopDeadline() {
    return duration.multipliedBy(19).dividedBy(20);
  }

  /** How often it is renewed, or looked at by the others. */
  Duration retryPeriod() {
    return duration.multipliedBy(2).dividedBy(15);
  }
}
