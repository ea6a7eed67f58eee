package dev.darkroom.controller;

import dev.darkroom.controller.leader.LeaderWork;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.StoreFigures;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.Collection;

/**
 * One term as the leader: an operator and its own client. When the Lease is lost, the client is
 * closed: it stops the retries of requests, so that nothing is written after the term.
 *
 * @param operator the operator of this term
 * @param client used by this operator only
 */
record LeaderTerm(ImageOperator operator, KubernetesClient client) implements LeaderWork {

  /**
   * Starts an operator. Blocks until its caches are complete.
   *
   * @param config of the client
   */
  static LeaderTerm begin(Config config, OperatorSettings settings, Observers observers) {
    KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
    try {
      return new LeaderTerm(ImageOperator.start(client, settings, observers), client);
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  @Override
  public boolean isReady() {
    return operator.isReady();
  }

  @Override
  public Collection<StoreFigures> inventory() {
    return operator.inventory();
  }

  @Override
  public void close() {
    operator.close();
    client.close();
  }

  /** {@inheritDoc} Cancels the transfers first, and then closes the client. */
  @Override
  public boolean abandon(Runnable left) {
    return operator.abandon(left, client::close);
  }
}
