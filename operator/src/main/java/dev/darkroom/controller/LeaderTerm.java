package dev.darkroom.controller;

import dev.darkroom.controller.leader.LeaderWork;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.StoreFigures;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.Collection;

/**
 * The work of one who leads, with a client that ends with it: when the Lease is lost, requests that
 * are tried again and again for as long as the API server is away are tried no more, and nothing is
 * written late in the name of an operator that is none any more.
 *
 * @param operator does the work
 * @param client is the operator's alone
 */
record LeaderTerm(ImageOperator operator, KubernetesClient client) implements LeaderWork {

  /**
   * Begins to work. Blocks until its caches are filled.
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

  /** {@inheritDoc} The client is closed meanwhile, and not before: bytes stop first. */
  @Override
  public boolean abandon(Runnable left) {
    return operator.abandon(left, client::close);
  }
}
