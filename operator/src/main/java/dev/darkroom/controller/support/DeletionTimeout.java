package dev.darkroom.controller.support;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The timeout of deletions: how long a deletion waits for stores and transfers. */
public final class DeletionTimeout {

  /** The time between two looks at a deletion that waits. */
  public static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

  private final OperatorSettings settings;
  private final Clock clock;

  /** Uses {@link OperatorSettings#deleteTimeout()}. */
  public DeletionTimeout(OperatorSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** The time at which the deletion of the object stops waiting. */
  public Instant deadline(HasMetadata object) {
    return Instant.parse(object.getMetadata().getDeletionTimestamp())
        .plus(settings.deleteTimeout());
  }

  /** Whether the deadline has passed. */
  public boolean overdue(HasMetadata object) {
    return !clock.instant().isBefore(deadline(object));
  }
}
