package dev.darkroom.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;

/** How long a deletion waits for others. */
final class Deletions {

  /** How soon to look again at what a deletion waits for. */
  static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

  private Deletions() {}

  /** When a deletion stops waiting. */
  static Instant deadline(HasMetadata object, Workplace workplace) {
    return Instant.parse(object.getMetadata().getDeletionTimestamp())
        .plus(workplace.settings().deleteTimeout());
  }

  /** Whether it has waited long enough. */
  static boolean overdue(HasMetadata object, Workplace workplace) {
    return !workplace.clock().instant().isBefore(deadline(object, workplace));
  }
}
