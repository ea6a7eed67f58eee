package dev.darkroom.controller.image;

import static dev.darkroom.controller.Fixtures.image;
import static dev.darkroom.controller.Fixtures.markedDefault;
import static dev.darkroom.controller.Fixtures.open;
import static dev.darkroom.controller.Fixtures.store;
import static dev.darkroom.controller.Fixtures.withBytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ReclaimPolicy;
import dev.darkroom.controller.Fixtures;
import dev.darkroom.controller.GatedStore;
import dev.darkroom.controller.MockCluster;
import dev.darkroom.controller.TestClock;
import dev.darkroom.controller.store.CopyKey;
import dev.darkroom.controller.store.StoreRegistry;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.filesystem.FilesystemStore;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Reason;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CopyRemovalTest {

  private static final OperatorSettings SETTINGS = OperatorSettings.defaults();
  private static final byte[] BYTES = "bytes of a disk".getBytes(UTF_8);
  private static final ResourceID UBUNTU = new ResourceID("ubuntu", Fixtures.NAMESPACE);

  @TempDir private Path directory;
  private final CopyFixture place = CopyFixture.with(SETTINGS);
  private final TestClock clock = place.clock();
  private final MockCluster cluster = place.cluster();
  private final StoreRegistry stores = place.stores();
  private final BlockingQueue<ResourceID> wakes = new LinkedBlockingQueue<>();
  private final CopyRemoval removal = place.removal(wakes::add);

  private Path fast;

  @BeforeEach
  void aStore() throws IOException {
    fast = Files.createDirectory(directory.resolve("fast"));
    stores.put(open("fast", fast));
  }

  @AfterEach
  void close() {
    place.close();
  }

  @Test
  void aCopyIsRemovedAndTheImageMayGo() throws IOException, InterruptedException {
    Image ubuntu = going(withBytes(image("ubuntu"), "fast"));
    place.publish("fast", ubuntu, BYTES);

    assertThat(removal.waitsFor(ubuntu).orElseThrow())
        .isEqualTo(
            "Store fast is removing its copy. The image goes without at 2026-11-22T10:05:00Z.");
    awaitRemoval();
    assertThat(removal.waitsFor(ubuntu)).isEmpty();

    assertThat(copyOf(ubuntu)).doesNotExist();
    assertThat(fast.resolve("lab")).as("nor what leads to it").doesNotExist();
  }

  @Test
  void aMissingCopyCountsAsRemoved() throws InterruptedException {
    Image ubuntu = going(withBytes(image("ubuntu"), "fast"));

    removal.waitsFor(ubuntu);
    awaitRemoval();

    assertThat(removal.waitsFor(ubuntu)).isEmpty();
    assertThat(cluster.events("lab")).isEmpty();
  }

  @Test
  void aCopyWithoutAStatusIsRemovedFromTheDefaultStore() throws IOException, InterruptedException {
    stores.put(open(markedDefault(store("fast", fast))));
    Image ubuntu = going(image("ubuntu"));
    place.publish("fast", ubuntu, BYTES);

    removal.waitsFor(ubuntu);
    awaitRemoval();

    assertThat(removal.waitsFor(ubuntu)).isEmpty();
    assertThat(copyOf(ubuntu)).doesNotExist();
  }

  @Test
  void anImageWithoutCopiesDoesNotWait() {
    assertThat(removal.waitsFor(going(image("ubuntu")))).isEmpty();
  }

  @Test
  void retainedCopiesStayWithAnEvent() throws IOException {
    Image ubuntu = retained(going(withBytes(image("ubuntu"), "fast")));
    place.publish("fast", ubuntu, BYTES);

    assertThat(removal.waitsFor(ubuntu)).isEmpty();

    assertThat(copyOf(ubuntu)).exists();
    assertThat(stories()).containsExactly("Normal Retained: The copies stay where they are.");
  }

  @Test
  void anImageWithoutBytesHasNoRetainedCopies() {
    assertThat(removal.waitsFor(retained(going(image("ubuntu"))))).isEmpty();
    assertThat(cluster.events("lab")).isEmpty();
  }

  @Test
  void aDeletedStoreDoesNotDelayTheRemoval() {
    Image ubuntu = going(withBytes(image("ubuntu"), "gone"));

    assertThat(removal.waitsFor(ubuntu)).isEmpty();

    assertThat(stories())
        .containsExactly(
            "Warning StoreMissing: There is no ImageStore gone any more; what it held is left"
                + " there.");
  }

  @Test
  void theRemovalWaitsForAStoreThatIsBeingOpened() throws IOException {
    Path cold = Files.createDirectory(directory.resolve("cold"));
    ImageStore definition = store("cold", cold);
    cluster.client().resource(definition).create();
    Image ubuntu = going(withBytes(image("ubuntu"), "cold"));

    assertThat(removal.waitsFor(ubuntu).orElseThrow())
        .startsWith("Store cold has not been opened yet.");
    stores.announce(definition);
    assertThat(removal.waitsFor(ubuntu).orElseThrow())
        .startsWith("Store cold has not been opened yet.");
    assertThat(cluster.events("lab")).isEmpty();
  }

  @Test
  void theRemovalNamesTheTroubleOfAStore() {
    Failure away = Failure.of(Reason.STORE_UNAVAILABLE, "Store cold: it is not mounted.");
    stores.put(
        new StoreRegistry.Entry(
            store("cold", directory.resolve("cold")), Optional.empty(), Optional.of(away)));

    assertThat(removal.waitsFor(going(withBytes(image("ubuntu"), "cold"))).orElseThrow())
        .startsWith("Store cold: it is not mounted. The image goes");
  }

  @Test
  void aFailedRemovalIsRetried() throws IOException, InterruptedException {
    Image ubuntu = going(withBytes(image("ubuntu"), "fast"));
    place.publish("fast", ubuntu, BYTES);
    Path away = Files.move(fast, directory.resolve("away"));

    removal.waitsFor(ubuntu);
    awaitRemoval();
    assertThat(removal.waitsFor(ubuntu).orElseThrow())
        .startsWith("Store fast: ")
        .contains("fast is gone");

    Files.move(away, fast);
    removal.waitsFor(ubuntu);
    awaitRemoval();
    assertThat(removal.waitsFor(ubuntu)).isEmpty();
    assertThat(copyOf(ubuntu)).doesNotExist();
  }

  @Test
  void aHangingStoreDelaysTheRemovalUntilTheTimeout() throws IOException, InterruptedException {
    GatedStore hung = hangs("fast", fast);
    Image ubuntu = going(withBytes(image("ubuntu"), "fast"));

    assertThat(removal.waitsFor(ubuntu)).isPresent();
    hung.awaitHanging();
    clock.advance(SETTINGS.deleteTimeout().minusSeconds(1));
    assertThat(removal.waitsFor(ubuntu)).isPresent();
    assertThat(cluster.events("lab")).isEmpty();

    clock.advance(Duration.ofSeconds(1));
    assertThat(removal.waitsFor(ubuntu)).isEmpty();
    assertThat(stories())
        .containsExactly(
            "Warning StoreUnavailable: A copy was left behind: Store fast is removing its copy.");
    hung.openGate();
  }

  @Test
  void aHangingStoreDoesNotDelayTheRemovalFromOthers() throws IOException, InterruptedException {
    Path cold = Files.createDirectory(directory.resolve("cold"));
    stores.put(open("cold", cold));
    Image ubuntu = going(withBytes(image("ubuntu"), "fast", "cold"));
    place.publish("cold", ubuntu, BYTES);
    GatedStore hung = hangs("fast", fast);

    removal.waitsFor(ubuntu);
    awaitRemoval();
    assertThat(removal.waitsFor(ubuntu).orElseThrow())
        .startsWith("Store fast is removing")
        .doesNotContain("cold");
    assertThat(cold.resolve("lab")).doesNotExist();

    removal.waitsFor(ubuntu);
    hung.openGate();
    awaitRemoval();
    assertThat(removal.waitsFor(ubuntu)).isEmpty();
    assertThat(wakes).as("one removal a store").isEmpty();
  }

  private GatedStore hangs(String name, Path path) throws StoreException {
    GatedStore hung = new GatedStore(FilesystemStore.open(path));
    stores.put(new StoreRegistry.Entry(store(name, path), Optional.of(hung), Optional.empty()));
    return hung;
  }

  private Path copyOf(Image image) {
    return fast.resolve(CopyKey.of(image).value());
  }

  private void awaitRemoval() throws InterruptedException {
    assertThat(wakes.poll(20, TimeUnit.SECONDS)).isEqualTo(UBUNTU);
  }

  private List<String> stories() {
    return cluster.events("lab").stream()
        .map(event -> event.getType() + " " + event.getReason() + ": " + event.getMessage())
        .toList();
  }

  private Image going(Image image) {
    return Fixtures.deletedAt(clock.instant(), image);
  }

  private static Image retained(Image image) {
    image.setSpec(
        ImageSpecBuilder.builder(image.getSpec()).reclaimPolicy(ReclaimPolicy.RETAIN).build());
    return image;
  }
}
