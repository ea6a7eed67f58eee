package dev.darkroom.transfer.scrub;

import static dev.darkroom.transfer.Requests.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.MemoryStore;
import dev.darkroom.transfer.Requests;
import dev.darkroom.transfer.call.StoreTimeouts;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.CopyHealth;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ScrubTest {

  private static final int CHUNK = 16 << 10;
  private static final byte[] BYTES = Requests.bytes(20 * CHUNK + 77);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @TempDir private Path staging;
  private final MemoryStore store = new MemoryStore();
  private Scrubs scrubs;

  @AfterEach
  void close() throws InterruptedException {
    assertThat(scrubs.close(TIMEOUT)).isTrue();
  }

  @Test
  void reportsAGoodCopy() {
    store.holding(KEY, BYTES, Map.of());
    begin(options().build());

    ScrubStatus status = scrub();

    assertThat(status.health()).contains(new CopyHealth.Good());
    assertThat(status.bytes()).isEqualTo(BYTES.length);
  }

  @Test
  void reportsTheDigestOfACorruptCopy() {
    byte[] rotten = BYTES.clone();
    rotten[4711] ^= 1;
    store.holding(KEY, rotten, Map.of());
    begin(options().build());

    CopyHealth health = scrub().health().orElseThrow();

    assertThat(((CopyHealth.Corrupt) health).found())
        .contains(Requests.digest(Checksum.Algorithm.SHA256, rotten).toString());
    assertThat(store.content(KEY)).isEqualTo(rotten);
  }

  @Test
  void reportsAMissingAndAShortCopy() {
    begin(options().build());
    assertThat(scrub().health()).contains(new CopyHealth.Missing());

    store.holding(KEY, new byte[5], Map.of());
    assertThat(scrub().health().orElseThrow()).isInstanceOf(CopyHealth.Corrupt.class);
  }

  @Test
  void anUnreadableCopyIsNotCorrupt() {
    store
        .holding(KEY, BYTES, Map.of())
        .failingAt(MemoryStore.Operation.READ, StoreException.Kind.UNAVAILABLE);
    begin(options().build());

    assertThat(scrub().health().orElseThrow()).isInstanceOf(CopyHealth.Unreadable.class);
  }

  @Test
  void reportsAStoreThatDoesNotAnswer() {
    CountDownLatch never = new CountDownLatch(1);
    store
        .holding(KEY, BYTES, Map.of())
        .on(
            MemoryStore.Operation.READ,
            () -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                throw new StoreException(StoreException.Kind.UNAVAILABLE, "interrupted", e);
              }
            });
    Duration little = Duration.ofMillis(200);
    scrubs =
        new Scrubs(
            options().build(),
            id -> {},
            new StoreTimeouts(little, little, little, little, little, little));

    assertThat(scrub().health().orElseThrow()).isInstanceOf(CopyHealth.Unreadable.class);
  }

  @Test
  void resumesAfterARestart() throws InterruptedException {
    store.holding(KEY, BYTES, Map.of());
    AtomicInteger readings = new AtomicInteger();
    store.on(MemoryStore.Operation.READ, readings::incrementAndGet);
    begin(options().bytesPerSecond(OptionalLong.of(CHUNK * 4)).build());
    scrubs.submit("scrub", request(), Map.of());
    await().until(() -> scrubs.status("scrub").orElseThrow().bytes() >= 4 * CHUNK);
    scrubs.cancel("scrub");
    await()
        .until(
            () -> scrubs.status("scrub").orElseThrow().state(),
            ScrubStatus.State.CANCELLED::equals);
    close();
    // Bytes before the position are not read again: the next scrub finds this.
    byte[] changed = BYTES.clone();
    changed[0] ^= 1;
    store.holding(KEY, changed, Map.of());

    begin(options().build());

    assertThat(scrub().health()).contains(new CopyHealth.Good());
    assertThat(scrub().health().orElseThrow()).isInstanceOf(CopyHealth.Corrupt.class);
    assertThat(staging.resolve("scrubs")).isEmptyDirectory();
  }

  @Test
  void readsAllBytesBeforeItReportsACorruptCopy() throws Exception {
    store.holding(KEY, BYTES, Map.of());
    begin(options().bytesPerSecond(OptionalLong.of(CHUNK * 4)).build());
    scrubs.submit("scrub", request(), Map.of());
    await().until(() -> scrubs.status("scrub").orElseThrow().bytes() >= 4 * CHUNK);
    close();
    Path position;
    try (Stream<Path> files = Files.list(staging.resolve("scrubs"))) {
      position = files.findFirst().orElseThrow();
    }
    String text = Files.readString(position);
    Files.writeString(position, text.replaceFirst("\"bytes\":\\d+", "\"bytes\":17"));

    begin(options().build());

    assertThat(scrub().health()).contains(new CopyHealth.Good());
  }

  @Test
  void aStoreThatHangsDelaysNoOtherAndHasOneReader() throws InterruptedException {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    AtomicInteger askers = new AtomicInteger();
    MemoryStore hanging =
        new MemoryStore()
            .holding(KEY, BYTES, Map.of())
            .on(
                MemoryStore.Operation.STAT,
                () -> {
                  askers.incrementAndGet();
                  arrived.countDown();
                  try {
                    answer.await();
                  } catch (InterruptedException e) {
                    throw new StoreException(StoreException.Kind.UNAVAILABLE, "interrupted", e);
                  }
                });
    store.holding(KEY, BYTES, Map.of());
    begin(options().slots(2).build());
    scrubs.submit("hangs", request("hanging", hanging), Map.of());
    scrubs.submit("waits", request("hanging", hanging), Map.of());
    arrived.await();

    assertThat(scrub().health()).contains(new CopyHealth.Good());

    assertThat(askers).hasValue(1);
    assertThat(scrubs.status("waits").orElseThrow().state()).isEqualTo(ScrubStatus.State.QUEUED);
    assertThat(scrubs.cancel("waits")).isTrue();
    assertThat(scrubs.status("waits").orElseThrow().state()).isEqualTo(ScrubStatus.State.CANCELLED);
    answer.countDown();
    await()
        .until(() -> scrubs.status("hangs").orElseThrow().state(), ScrubStatus.State.DONE::equals);
    assertThat(askers).hasValue(1);
  }

  @Test
  void removesAnOldPosition() throws Exception {
    Path positions = Files.createDirectory(staging.resolve("scrubs"));
    Path old = Files.createFile(positions.resolve("old.json"));
    Path fresh = Files.createFile(positions.resolve("fresh.json"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(31))));

    begin(options().build());

    await().until(() -> Files.notExists(old));
    assertThat(fresh).exists();
  }

  private void begin(ScrubOptions options) {
    scrubs = new Scrubs(options, id -> {});
  }

  private ScrubOptionsBuilder options() {
    return ScrubOptionsBuilder.builder(ScrubOptions.defaults())
        .chunkBytes(CHUNK)
        .bytesPerSecond(OptionalLong.empty())
        .saveEvery(Duration.ZERO)
        .staging(Optional.of(staging));
  }

  private ScrubStatus scrub() {
    scrubs.submit("scrub", request(), Map.of());
    await()
        .atMost(TIMEOUT)
        .until(() -> scrubs.status("scrub").orElseThrow().state(), ScrubStatus.State.DONE::equals);
    ScrubStatus status = scrubs.status("scrub").orElseThrow();
    scrubs.forget("scrub");
    return status;
  }

  private ScrubRequest request() {
    return request("store-1", store);
  }

  private static ScrubRequest request(String name, MemoryStore store) {
    return new ScrubRequest(
        new Target(name, store, KEY),
        Facts.of(
            Map.of(
                Checksum.Algorithm.SHA256, Requests.digest(Checksum.Algorithm.SHA256, BYTES).hex()),
            BYTES.length,
            DiskFormat.RAW,
            OptionalLong.empty()));
  }
}
