package dev.darkroom.controller.store;

import static dev.darkroom.controller.Fixtures.brief;
import static dev.darkroom.controller.Fixtures.image;
import static dev.darkroom.controller.Fixtures.message;
import static dev.darkroom.controller.Fixtures.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ImageStoreStatus;
import dev.darkroom.api.StoreSummary;
import dev.darkroom.controller.TestClock;
import dev.darkroom.store.Headroom;
import dev.darkroom.store.filesystem.FilesystemStore;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreStatusCalculatorTest {

  private static final Optional<StoreProbes.Result> NEVER = Optional.empty();

  @TempDir private Path directory;
  private final TestClock clock = new TestClock("2026-11-22T10:00:00Z");
  private ImageStore store;

  @BeforeEach
  void aStore() {
    store = store("fast", directory);
  }

  @Test
  void aStoreWithoutAProbeIsProbing() {
    ImageStoreStatus status = look(NEVER);

    assertThat(brief(status.conditions()))
        .containsExactly("Ready=False/Probing", "Reconciling=True/Probing");
    assertThat(status.available()).isNull();
    assertThat(status.capabilities()).isEmpty();
    assertThat(status.summary()).isEqualTo(new StoreSummary("filesystem", "0B", null));
  }

  @Test
  void aStoreThatPassedItsProbeIsReady() throws IOException {
    ImageStoreStatus status =
        StoreStatusCalculator.of(store, good(5L << 30), List.of(), 2, 3 << 20, clock);

    assertThat(brief(status.conditions())).containsExactly("Ready=True/Probed");
    assertThat(status.capabilities()).containsExactly("Range", "Resume");
    assertThat(status.images()).isEqualTo(2);
    assertThat(status.used()).isEqualTo(3 << 20);
    assertThat(status.available()).isEqualTo(5L << 30);
    assertThat(status.summary()).isEqualTo(new StoreSummary("filesystem", "3MiB", "5GiB"));
    assertThat(status.observedGeneration()).isEqualTo(1);
  }

  @Test
  void afterARestartTheLastResultCountsForTheSameSpecOnly() throws IOException {
    look(good(5L << 30));

    assertThat(brief(look(NEVER).conditions())).containsExactly("Ready=True/Probed");

    store.getMetadata().setGeneration(2L);
    assertThat(brief(look(NEVER).conditions()))
        .containsExactly("Ready=False/Probing", "Reconciling=True/Probing");
  }

  @Test
  void aFailedProbeIsReportedAndCapabilitiesStay() throws IOException {
    look(good(5L << 30));

    ImageStoreStatus status = look(trouble());

    assertThat(brief(status.conditions()))
        .containsExactly("Ready=False/StoreFull", "Reconciling=True/StoreFull");
    assertThat(message(status.conditions(), "Ready")).isEqualTo("Store fast: no room.");
    assertThat(status.capabilities()).containsExactly("Range", "Resume");
    assertThat(status.available()).isEqualTo(5L << 30);

    assertThat(brief(look(good(5L << 30)).conditions())).containsExactly("Ready=True/Probed");
  }

  @Test
  void aRestartKeepsTheStatus() throws IOException {
    ImageStoreStatus before = look(good(5L << 30));

    assertThat(look(NEVER)).isEqualTo(before);
  }

  @Test
  void smallChangesOfFreeSpaceWriteNoStatus() throws IOException {
    ImageStoreStatus before = look(good(5L << 30));
    clock.advance(Duration.ofHours(1));

    assertThat(look(good((5L << 30) - 4096))).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "10000, 10000, 10000",
    "10000, 10100, 10000",
    "10000, 9900, 10000",
    "10000, 10101, 10101",
    "10000, 9899, 9899",
    "10000, 0, 0",
    "0, 1, 1",
    "0, 0, 0"
  })
  void availableFollowsChangesOfMoreThanOnePercent(long before, long now, long reported)
      throws IOException {
    look(good(before));

    assertThat(look(good(now)).available()).isEqualTo(reported);
  }

  @Test
  void availableFollowsSmallStepsThatAddUp() throws IOException {
    look(good(10_000));
    look(good(9_950));

    assertThat(look(good(9_899)).available()).isEqualTo(9_899);
  }

  @Test
  void theOnlyDefaultStoreReportsIt() {
    ImageStoreStatus status = StoreStatusCalculator.of(store, NEVER, List.of("fast"), 0, 0, clock);

    assertThat(brief(status.conditions())).contains("Default=True/OnlyDefault");
  }

  @Test
  void severalDefaultStoresReportTheOldest() {
    List<String> marked = List.of("fast", "cold", "late");
    ImageStoreStatus first = StoreStatusCalculator.of(store, NEVER, marked, 0, 0, clock);
    ImageStoreStatus second =
        StoreStatusCalculator.of(store("cold", directory), NEVER, marked, 0, 0, clock);

    assertThat(brief(first.conditions())).contains("Default=True/OldestDefault");
    assertThat(message(first.conditions(), "Default")).contains("cold, late");
    assertThat(brief(second.conditions())).contains("Default=False/AnotherDefault");
    assertThat(message(second.conditions(), "Default")).contains("fast");
  }

  @Test
  void aStoreThatIsNoDefaultHasNoDefaultCondition() {
    store.setStatus(StoreStatusCalculator.of(store, NEVER, List.of("fast"), 0, 0, clock));

    assertThat(brief(look(NEVER).conditions())).noneMatch(c -> c.startsWith("Default"));
  }

  @Test
  void aStoreInUseNamesItsImages() throws IOException {
    look(good(5L << 30));

    ImageStoreStatus status =
        StoreStatusCalculator.inUse(store, List.of(image("ubuntu"), image("debian")), clock);

    assertThat(brief(status.conditions()))
        .containsExactly("Ready=False/StoreInUse", "Reconciling=True/StoreInUse");
    assertThat(message(status.conditions(), "Ready")).contains("lab/debian, lab/ubuntu");
    assertThat(status.available()).isEqualTo(5L << 30);
  }

  @Test
  void ofManyImagesFiveAreNamed() {
    List<Image> images = IntStream.range(0, 12).mapToObj(i -> image("i" + i)).toList();

    assertThat(message(StoreStatusCalculator.inUse(store, images, clock).conditions(), "Ready"))
        .endsWith(": lab/i0, lab/i1, lab/i10, lab/i11, lab/i2 and 7 more.");
  }

  /** Calculates the next status, and sets it. */
  private ImageStoreStatus look(Optional<StoreProbes.Result> probe) {
    store.setStatus(StoreStatusCalculator.of(store, probe, List.of(), 0, 0, clock));
    return store.getStatus();
  }

  private Optional<StoreProbes.Result> good(long available) throws IOException {
    return Optional.of(
        new StoreProbes.Result(
            Optional.of(FilesystemStore.open(directory)),
            new Headroom(OptionalLong.of(available)),
            Optional.empty()));
  }

  private static Optional<StoreProbes.Result> trouble() {
    return Optional.of(
        new StoreProbes.Result(
            Optional.empty(),
            new Headroom(OptionalLong.empty()),
            Optional.of(Failure.of(Reason.STORE_FULL, "Store fast: no room."))));
  }
}
