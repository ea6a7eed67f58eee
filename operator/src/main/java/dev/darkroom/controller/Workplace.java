package dev.darkroom.controller;

import dev.darkroom.api.ChecksumFromSpec;
import dev.darkroom.api.ImageImportSpec;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceException;
import dev.darkroom.transfer.Checksum;
import dev.darkroom.transfer.PublishedChecksum;
import dev.darkroom.transfer.Transfers;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.Optional;

/**
 * What all reconcilers share.
 *
 * @param client to the API server
 * @param settings how the operator works
 * @param stores the open stores
 * @param access who may write to which
 * @param findings what readers of copies have found
 * @param transfers those of this process
 * @param sources how what a manifest says becomes a source
 * @param events where stories go
 * @param clock the one clock
 */
record Workplace(
    KubernetesClient client,
    OperatorSettings settings,
    OpenStores stores,
    StoreAccess access,
    CopyFindings findings,
    Transfers transfers,
    Sources sources,
    EventRecorder events,
    Clock clock) {

  /** How the source in a manifest becomes one that can be opened. */
  interface Sources {

    /**
     * What an import names, if that is neither another image nor a copy of its own. Asks the API
     * server for what it refers to, and nobody else.
     *
     * @param namespace where Secrets and ConfigMaps are looked for
     * @throws SourceException when it can't be used as it is written
     * @throws HeldException when something that it refers to is not there
     */
    Source open(ImageImportSpec spec, String namespace) throws SourceException, HeldException;

    /**
     * Where the checksum of such a source is published. Asks the API server for the publisher's key
     * if there is one, and nobody else.
     *
     * @param algorithm which digest; empty for the strongest
     * @throws SourceException when it can't be used as it is written
     * @throws HeldException when the key is not there, or is none
     */
    PublishedChecksum published(
        ChecksumFromSpec from,
        ImageImportSpec spec,
        Optional<Checksum.Algorithm> algorithm,
        String namespace)
        throws SourceException, HeldException;
  }
}
