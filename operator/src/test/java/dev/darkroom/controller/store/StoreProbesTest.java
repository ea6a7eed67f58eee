package dev.darkroom.controller.store;

import static dev.darkroom.controller.Fixtures.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.ImageStore;
import dev.darkroom.controller.Fixtures;
import dev.darkroom.controller.GatedStore;
import dev.darkroom.controller.MockCluster;
import dev.darkroom.controller.TestClock;
import dev.darkroom.controller.support.ReferencedObjects;
import dev.darkroom.store.filesystem.FilesystemStore;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class StoreProbesTest {

  private static final Duration INTERVAL = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @TempDir private Path directory;
  private final TestClock clock = new TestClock("2026-11-22T10:00:00Z");
  private final StoreRegistry stores = new StoreRegistry();
  private final BlockingQueue<String> wakes = new LinkedBlockingQueue<>();
  private final MockCluster cluster = new MockCluster();
  private Optional<Set<String>> unfinished = Optional.of(Set.of());
  private final StoreProbes probes =
      new StoreProbes(
          stores,
          new StoreFactory(new ReferencedObjects(cluster.client()), "darkroom-system"),
          store -> unfinished,
          clock,
          wakes::add);

  @AfterEach
  void close() {
    stores.close();
    cluster.close();
  }

  @Test
  void aStoreIsOpenedByItsFirstProbe() throws InterruptedException {
    ImageStore fast = store("fast", directory);

    assertThat(probes.keepFresh(fast, INTERVAL)).isEqualTo(TIMEOUT);
    assertThat(stores.find("fast")).as("announced").isPresent();
    assertThat(probes.last(fast)).isEmpty();

    awaitProbeOf("fast");
    assertThat(probes.keepFresh(fast, INTERVAL)).isEqualTo(INTERVAL);
    assertThat(trouble(fast)).isEmpty();
    assertThat(probes.last(fast).orElseThrow().headroom().availableBytes().orElseThrow())
        .isPositive();
    assertThat(stores.find("fast").orElseThrow().store()).isPresent();
  }

  @Test
  void aProbeIsDueWhenTheIntervalIsOver() throws InterruptedException {
    ImageStore fast = probed("fast", directory);

    clock.advance(INTERVAL.minusSeconds(1));
    assertThat(probes.keepFresh(fast, INTERVAL)).isEqualTo(Duration.ofSeconds(1));
    clock.advance(Duration.ofSeconds(1));
    assertThat(probes.keepFresh(fast, INTERVAL)).isEqualTo(TIMEOUT);

    awaitProbeOf("fast");
    assertThat(wakes).as("further probes").isEmpty();
  }

  @Test
  void unfinishedWritesOfAnEarlierProcessAreSweptAtTheOpening()
      throws IOException, InterruptedException {
    Path leftover = leftover();
    ImageStore fast = probed("fast", directory);
    assertThat(leftover).doesNotExist();

    Path later = leftover();
    clock.advance(INTERVAL);
    probed(fast);
    assertThat(later).as("a write of a running process").exists();
  }

  @Test
  void writesToResumeAreNotSwept() throws IOException, InterruptedException {
    Path leftover = leftover();
    unfinished = Optional.of(Set.of(leftover.getFileName().toString()));

    probed("fast", directory);

    assertThat(leftover).exists();
  }

  @Test
  void nothingIsSweptWhileTheWritesToResumeAreUnknown() throws IOException, InterruptedException {
    unfinished = Optional.empty();
    Path leftover = leftover();

    probed("fast", directory);

    assertThat(leftover).exists();
  }

  @Test
  void aStoreWithoutItsDirectoryReportsItAndRecovers() throws IOException, InterruptedException {
    Path missing = directory.resolve("missing");
    ImageStore fast = probed("fast", missing);

    Failure failure = trouble(fast).orElseThrow();
    assertThat(failure.reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    assertThat(failure.message()).startsWith("Store fast: ").contains(missing.toString());
    assertThat(stores.find("fast").orElseThrow().trouble()).contains(failure);

    Files.createDirectory(missing);
    clock.advance(INTERVAL);
    probed(fast);
    assertThat(trouble(fast)).isEmpty();
    assertThat(stores.find("fast").orElseThrow().store()).isPresent();
  }

  @Test
  void aStoreRecoversWithItsDirectory() throws IOException, InterruptedException {
    Path volume = Files.createDirectory(directory.resolve("volume"));
    ImageStore fast = probed("fast", volume);

    Path away = Files.move(volume, directory.resolve("away"));
    clock.advance(INTERVAL);
    probed(fast);
    assertThat(trouble(fast).orElseThrow().reason()).isEqualTo(Reason.STORE_UNAVAILABLE);

    Files.move(away, volume);
    clock.advance(INTERVAL);
    probed(fast);
    assertThat(trouble(fast)).isEmpty();
  }

  @Test
  void aStoreIsOpenedAgainWhenItsVolumeIsMountedAgain() throws IOException, InterruptedException {
    Path mount = directory.resolve("mount");
    Path first = Files.createDirectory(directory.resolve("first"));
    Files.createSymbolicLink(mount, first);
    ImageStore fast = probed("fast", mount);

    Files.delete(mount);
    Files.move(first, directory.resolve("gone"));
    Path second = Files.createDirectory(directory.resolve("second"));
    Files.createSymbolicLink(mount, second);
    clock.advance(INTERVAL);
    probed(fast);

    assertThat(trouble(fast)).isEmpty();
    assertThat(stores.find("fast").orElseThrow().store().orElseThrow())
        .hasToString("filesystem store " + second.toRealPath());
  }

  @Test
  void aStoreWithoutAnAnswerIsUnavailableUntilItAnswers() throws IOException, InterruptedException {
    ImageStore fast = store("fast", directory);
    GatedStore hung = new GatedStore(FilesystemStore.open(directory));
    stores.put(new StoreRegistry.Entry(fast, Optional.of(hung), Optional.empty()));
    probes.keepFresh(fast, INTERVAL);
    hung.awaitHanging();

    clock.advance(TIMEOUT.minusSeconds(1));
    probes.keepFresh(fast, INTERVAL);
    assertThat(trouble(fast)).as("before the timeout").isEmpty();

    clock.advance(Duration.ofSeconds(1));
    assertThat(probes.keepFresh(fast, INTERVAL)).isEqualTo(TIMEOUT);
    Failure timeout = trouble(fast).orElseThrow();
    assertThat(timeout.reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    assertThat(timeout.message()).contains("Store fast", "30 s");
    assertThat(stores.find("fast").orElseThrow().trouble()).isPresent();
    assertThat(stores.find("fast").orElseThrow().store()).contains(hung);

    hung.openGate();
    awaitProbeOf("fast");
    probes.keepFresh(fast, INTERVAL);
    assertThat(trouble(fast)).isEmpty();
    assertThat(stores.find("fast").orElseThrow().trouble()).isEmpty();
  }

  @Test
  void aStoreThatHangsIsProbedOnceAndDelaysNoOther() throws IOException, InterruptedException {
    ImageStore fast = store("fast", directory);
    GatedStore hung = new GatedStore(FilesystemStore.open(directory));
    stores.put(new StoreRegistry.Entry(fast, Optional.of(hung), Optional.empty()));
    probes.keepFresh(fast, INTERVAL);
    hung.awaitHanging();
    clock.advance(INTERVAL.multipliedBy(3));
    probes.keepFresh(fast, INTERVAL);

    ImageStore cold = probed("cold", Files.createDirectory(directory.resolve("cold")));

    assertThat(trouble(cold)).isEmpty();
    hung.openGate();
    awaitProbeOf("fast");
    assertThat(wakes).isEmpty();
  }

  @Test
  void aNewDefaultStoreIsKnownBeforeItsNextProbe() throws InterruptedException {
    probed("fast", directory);

    probes.keepFresh(Fixtures.markedDefault(store("fast", directory)), INTERVAL);

    assertThat(stores.defaultStore()).map(StoreRegistry.Entry::name).contains("fast");
    assertThat(stores.find("fast").orElseThrow().store()).isPresent();
  }

  @Test
  void aForgottenStoreIsProbedAtOnce() throws InterruptedException {
    ImageStore fast = probed("fast", directory);

    probes.forget(fast);
    assertThat(probes.last(fast)).isEmpty();
    probed(fast);

    assertThat(probes.last(fast)).isPresent();
  }

  private ImageStore probed(String name, Path path) throws InterruptedException {
    return probed(store(name, path));
  }

  private ImageStore probed(ImageStore definition) throws InterruptedException {
    probes.keepFresh(definition, INTERVAL);
    awaitProbeOf(definition.getMetadata().getName());
    probes.keepFresh(definition, INTERVAL);
    return definition;
  }

  private void awaitProbeOf(String name) throws InterruptedException {
    assertThat(wakes.poll(20, TimeUnit.SECONDS)).isEqualTo(name);
  }

  private Optional<Failure> trouble(ImageStore definition) {
    return probes.last(definition).flatMap(StoreProbes.Result::trouble);
  }

  /** An unfinished write of a process that was killed. */
  private Path leftover() throws IOException {
    Path write = Files.createDirectories(directory.resolve(".partial/lab+ubuntu.0123456789abcdef"));
    Files.writeString(write.resolve("disk"), "half of it");
    return write;
  }
}
