package dev.darkroom.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The timeout of deletions: how long a deletion waits for stores and transfers. */
final class Deletions {

  /** The time between two looks at a deletion that waits. */
  static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

  private final OperatorSettings settings;
  private final Clock clock;

  /** Uses {@link OperatorSettings#deleteTimeout()}. */
  Deletions(OperatorSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** The time at which the deletion of the object stops waiting. */
  Instant deadline(HasMetadata object) {
    return Instant.parse(object.getMetadata().getDeletionTimestamp())
        .plus(settings.deleteTimeout());
  }

  /** Whether the deadline has passed. */
  boolean overdue(HasMetadata object) {
    return !clock.instant().isBefore(deadline(object));
  }
}
