package dev.darkroom.controller.leader;

import dev.darkroom.transfer.model.Backoff;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
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

  private static final Duration LEAST_TIMEOUT = Duration.ofSeconds(1);

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

  /**
   * How long who does not lead waits for a server that does not answer: longer than the usual
   * period, and no longer than a Lease lasts.
   */
  Backoff silence() {
    return new Backoff(retryPeriod().multipliedBy(2), duration);
  }

  /** A client for the Lease alone: a renewal that takes longer than this is none. */
  KubernetesClient impatient(Config config) {
    Duration half = renewDeadline().dividedBy(2);
    Duration timeout = half.compareTo(LEAST_TIMEOUT) < 0 ? LEAST_TIMEOUT : half;
    int millis = Math.toIntExact(timeout.toMillis());
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(config)
                .withConnectionTimeout(millis)
                .withRequestTimeout(millis)
                .withRequestRetryBackoffLimit(0)
                .build())
        .build();
  }
}
