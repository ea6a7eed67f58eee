package dev.darkroom.controller.image;

import dev.darkroom.api.Image;
import dev.darkroom.controller.MockCluster;
import dev.darkroom.controller.TestClock;
import dev.darkroom.controller.imageimport.ImportIndex;
import dev.darkroom.controller.store.CopyDeletion;
import dev.darkroom.controller.store.CopyFindings;
import dev.darkroom.controller.store.CopyKey;
import dev.darkroom.controller.store.StoreAccess;
import dev.darkroom.controller.store.StoreRegistry;
import dev.darkroom.controller.support.DeletionTimeout;
import dev.darkroom.controller.support.EventRecorder;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.SharedInformers;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.BlobWrite;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The collaborators of the classes that keep copies: open stores, a mock API server, and a clock
 * that stands still.
 */
record CopyFixture(
    OperatorSettings settings,
    TestClock clock,
    MockCluster cluster,
    StoreRegistry stores,
    CopyFindings findings,
    SharedInformers informers)
    implements AutoCloseable {

  static CopyFixture with(OperatorSettings settings) {
    MockCluster cluster = new MockCluster();
    return new CopyFixture(
        settings,
        new TestClock("2026-11-22T10:00:00Z"),
        cluster,
        new StoreRegistry(),
        new CopyFindings(),
        new SharedInformers(cluster.client(), Set.of()));
  }

  CopyRemoval removal(Consumer<ResourceID> wake) {
    return new CopyRemoval(
        access(), deletion(wake), new DeletionTimeout(settings, clock), events());
  }

  Replication replication() {
    ImportsByImage imports =
        new ImportsByImage(
            cluster.client(),
            informers.imports(),
            new ImportIndex(informers.imports()),
            new DeletionTimeout(settings, clock));
    informers.start();
    return new Replication(imports, access(), findings, deletion(image -> {}), events(), clock);
  }

  ScrubSchedule scrub() {
    return new ScrubSchedule(settings, stores, findings, ScrubObserver.none(), clock);
  }

  /** Puts the image's bytes into a store that is open. */
  void publish(String store, Image image, byte[] bytes) throws IOException {
    BlobStore open = stores.find(store).flatMap(StoreRegistry.Entry::store).orElseThrow();
    try (BlobWrite write = open.open(CopyKey.of(image))) {
      write.append(ByteBuffer.wrap(bytes));
      write.commit(Map.of());
    }
  }

  @Override
  public void close() {
    stores.close();
    informers.close();
    cluster.close();
  }

  private CopyDeletion deletion(Consumer<ResourceID> wake) {
    return new CopyDeletion(cluster.client(), stores, wake);
  }

  private StoreAccess access() {
    return new StoreAccess(stores, namespace -> Map.of());
  }

  private EventRecorder events() {
    return new EventRecorder(cluster.client(), clock);
  }
}
