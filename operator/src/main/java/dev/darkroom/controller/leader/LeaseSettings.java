package dev.darkroom.controller.leader;

import dev.darkroom.retry.Backoff;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;

/**
 * The Lease of the leader election.
 *
 * @param namespace namespace of the Lease
 * @param name name of the Lease
 * @param identity holder identity of this process; unique, also over restarts
 * @param duration how long the Lease is valid after its last renewal; at least 1 s
 */
public record LeaseSettings(String namespace, String name, String identity, Duration duration) {

  private static final Duration LEAST_TIMEOUT = Duration.ofSeconds(1);

  /** Checks the duration. */
  public LeaseSettings {
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("a Lease duration must be at least 1 s");
    }
  }

  /** How long after its last renewal the holder abandons its work: two thirds of the duration. */
  Duration renewDeadline() {
    return duration.multipliedBy(2).dividedBy(3);
  }

  /**
   * How long after its last renewal the work of the holder must have stopped: 19/20 of the
   * duration. The rest covers clocks that run at different speeds.
   */
  Duration stopDeadline() {
    return duration.multipliedBy(19).dividedBy(20);
  }

  /** The time between two claims: renewals of the holder, or reads of a standby. */
  Duration retryPeriod() {
    return duration.multipliedBy(2).dividedBy(15);
  }

  /**
   * The back-off of a standby while the API server does not answer: from twice the retry period to
   * the Lease duration.
   */
  Backoff silence() {
    return new Backoff(retryPeriod().multipliedBy(2), duration);
  }

  /**
   * A client for the Lease alone, without retries: a request ends after a third of the duration.
   */
  KubernetesClient clientWithTimeout(Config config) {
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
