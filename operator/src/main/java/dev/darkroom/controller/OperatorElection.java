package dev.darkroom.controller;

import dev.darkroom.controller.leader.LeaderElection;
import dev.darkroom.controller.leader.LeaseSettings;
import dev.darkroom.controller.support.OperatorSettings;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Leader election between operators: only the Lease holder reconciles. */
public final class OperatorElection {

  private OperatorElection() {}

  /**
   * Starts to compete for the Lease; runs an {@link ImageOperator} while this process holds it.
   * Returns at once.
   *
   * @param client names the API server and the identity; each term as leader has its own client
   * @param observers observe the operator of each term
   * @param lastResort ends this process at once, when work can't be stopped before the Lease ends
   */
  public static LeaderElection campaign(
      KubernetesClient client,
      OperatorSettings settings,
      Observers observers,
      LeaseSettings lease,
      Runnable lastResort) {
    return LeaderElection.campaign(
        client,
        lease,
        () -> LeaderTerm.begin(client.getConfiguration(), settings, observers),
        lastResort);
  }
}
