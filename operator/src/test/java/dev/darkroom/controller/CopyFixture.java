package dev.darkroom.controller;

import dev.darkroom.api.Image;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.BlobWrite;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The collaborators of the classes that keep copies: open stores, a mock API server, and a clock
 * that stands still.
 */
record CopyFixture(
    OperatorSettings settings,
    TestClock clock,
    MockCluster cluster,
    OpenStores stores,
    CopyFindings findings)
    implements AutoCloseable {

  CopyFixture(OperatorSettings settings) {
    this(
        settings,
        new TestClock("2026-11-22T10:00:00Z"),
        new MockCluster(),
        new OpenStores(),
        new CopyFindings());
  }

  CopyRemoval removal(Consumer<ResourceID> wake) {
    return new CopyRemoval(access(), deletion(wake), new Deletions(settings, clock), events());
  }

  Replication replication() {
    return new Replication(
        cluster.client(), access(), findings, deletion(image -> {}), events(), clock);
  }

  Scrub scrub() {
    return new Scrub(settings, stores, findings, ScrubObserver.none(), clock);
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
  public void close() {
    stores.close();
    cluster.close();
  }

  private CopyDeletion deletion(Consumer<ResourceID> wake) {
    return new CopyDeletion(cluster.client(), stores, wake);
  }

  private StoreAccess access() {
    return new StoreAccess(stores, new NamespaceLabels(cluster.client(), clock));
  }

  private EventRecorder events() {
    return new EventRecorder(cluster.client(), clock);
  }
}
