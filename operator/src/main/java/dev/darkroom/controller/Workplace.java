package dev.darkroom.controller;

import dev.darkroom.source.Source;
import dev.darkroom.source.SourceException;
import dev.darkroom.transfer.Transfers;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;

/**
 * What all reconcilers share.
 *
 * @param client to the API server
 * @param settings how the operator works
 * @param stores the open stores
 * @param transfers those of this process
 * @param sources how a URL becomes a source
 * @param events where stories go
 * @param clock the one clock
 */
record Workplace(
    KubernetesClient client,
    OperatorSettings settings,
    OpenStores stores,
    Transfers transfers,
    Sources sources,
    EventRecorder events,
    Clock clock) {

  /** How the source in a manifest becomes one that can be opened. */
  @FunctionalInterface
  interface Sources {

    /**
     * A source of that URL; does no I/O.
     *
     * @throws SourceException when the URL can't be used as it is written
     */
    Source web(String url) throws SourceException;
  }
}
