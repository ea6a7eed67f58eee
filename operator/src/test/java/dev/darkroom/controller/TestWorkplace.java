package dev.darkroom.controller;

import static dev.darkroom.controller.Fixtures.image;
import static dev.darkroom.controller.Fixtures.open;
import static dev.darkroom.controller.Fixtures.store;

import dev.darkroom.api.ChecksumFromSpec;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImportSpec;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceException;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.transfer.Checksum;
import dev.darkroom.transfer.PublishedChecksum;
import dev.darkroom.transfer.TransferOptions;
import dev.darkroom.transfer.Transfers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A workplace without sources, on a cluster that is a mock and a clock that stands still. */
record TestWorkplace(
    TestClock clock,
    MockCluster cluster,
    OpenStores stores,
    Transfers transfers,
    Workplace workplace)
    implements AutoCloseable {

  private static final Duration END = Duration.ofSeconds(5);

  TestWorkplace(OperatorSettings settings) {
    this(
        settings,
        new TestClock("2026-11-22T10:00:00Z"),
        new MockCluster(),
        new OpenStores(),
        new Transfers(TransferOptions.defaults(), id -> {}));
  }

  private TestWorkplace(
      OperatorSettings settings,
      TestClock clock,
      MockCluster cluster,
      OpenStores stores,
      Transfers transfers) {
    this(
        clock,
        cluster,
        stores,
        transfers,
        new Workplace(
            cluster.client(),
            settings,
            stores,
            new StoreAccess(stores, new NamespaceLabels(cluster.client(), clock)),
            new CopyFindings(),
            transfers,
            new NoSources(),
            new EventRecorder(cluster.client(), clock),
            clock));
  }

  /** Puts the image's bytes into a store that is open. */
  void publish(String store, Image image, byte[] bytes) throws IOException {
    BlobStore open = stores.find(store).flatMap(OpenStores.Entry::store).orElseThrow();
    try (BlobWrite write = open.open(CopyKey.of(image))) {
      write.append(ByteBuffer.wrap(bytes));
      write.commit(Map.of());
    }
  }

  @Override
  public void close() throws InterruptedException {
    stores.close();
    transfers.close(END);
    cluster.close();
  }

  private static final class NoSources implements Workplace.Sources {

    @Override
    public Source open(ImageImportSpec spec, String namespace) throws SourceException {
      throw new SourceException(SourceException.Kind.INVALID, "nobody reads here");
    }

    @Override
    public PublishedChecksum published(
        ChecksumFromSpec from,
        ImageImportSpec spec,
        Optional<Checksum.Algorithm> algorithm,
        String namespace)
        throws SourceException {
      throw new SourceException(SourceException.Kind.INVALID, "nobody publishes here");
    }
  }
}
