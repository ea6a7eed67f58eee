package dev.darkroom.transfer;

import static dev.darkroom.transfer.Requests.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.call.StoreTimeouts;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.TransferRequest;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stores that fail, are slow or hang while others do not. */
@Timeout(60)
class MinCopiesTest {

  private static final byte[] BYTES = Requests.bytes(1_000_003);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final MemoryStore good = new MemoryStore();
  private final MemoryStore bad = new MemoryStore();
  private final CountDownLatch never = new CountDownLatch(1);

  @ParameterizedTest
  @EnumSource(names = {"STAT", "PROBE", "OPEN", "APPEND", "COMMIT"})
  void goesOnWithoutAStoreThatFails(MemoryStore.Operation operation) {
    bad.failingAt(operation, StoreException.Kind.FULL);
    try (TransferFixture fixture = new TransferFixture()) {
      Outcome.Stored stored =
          fixture.stored(Requests.from(new BytesSource(BYTES)).to(bad, good).needing(1).build());

      assertThat(stored.copies()).containsOnlyKeys("store-2");
      assertThat(stored.failures())
          .containsOnlyKeys("store-1")
          .containsValue(Failure.of(Reason.STORE_FULL, "Store store-1: no " + operation));
      assertThat(good.content(KEY)).isEqualTo(BYTES);
      assertThat(bad.isEmpty()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STAT", "PROBE", "OPEN", "APPEND", "COMMIT"})
  void failsWithTheStoresFailureWhenTooFewAreLeft(MemoryStore.Operation operation) {
    bad.failingAt(operation, StoreException.Kind.READ_ONLY);
    MemoryStore alsoBad = new MemoryStore().failingAt(operation, StoreException.Kind.FULL);
    try (TransferFixture fixture = new TransferFixture()) {
      Failure failure =
          fixture.failure(
              Requests.from(new BytesSource(BYTES)).to(good, bad, alsoBad).needing(2).build());

      assertThat(failure.reason()).isIn(Reason.STORE_FULL, Reason.STORE_READ_ONLY);
      assertThat(failure.message()).contains("no " + operation);
      assertThat(good.isEmpty()).isTrue();
      assertThat(bad.isEmpty()).isTrue();
      assertThat(alsoBad.isEmpty()).isTrue();
    }
  }

  @Test
  void goesOnWithoutAStoreThatIsFull() {
    bad.withRoomFor(BYTES.length - 1);
    BytesSource source = new BytesSource(BYTES);
    try (TransferFixture fixture = new TransferFixture()) {
      Outcome.Stored stored =
          fixture.stored(Requests.from(source).to(good, bad).needing(1).build());

      assertThat(stored.failures().get("store-2").reason()).isEqualTo(Reason.STORE_FULL);
      assertThat(bad.openWrites()).isZero();
    }
  }

  @Test
  void abandonsAStoreThatAloneSlowsTheOthersTooMuch() {
    AtomicInteger appended = new AtomicInteger();
    bad.on(
        MemoryStore.Operation.APPEND,
        () -> {
          if (appended.incrementAndGet() > 2) {
            awaitQuietly(never);
          }
        });
    StoreTimeouts timeouts = new StoreTimeouts(LONG, LONG, LONG, LONG, SHORT, SHORT);
    try (TransferFixture fixture = new TransferFixture(timeouts)) {
      Outcome.Stored stored =
          fixture.stored(Requests.from(new BytesSource(BYTES)).to(bad, good).needing(1).build());

      assertThat(good.content(KEY)).isEqualTo(BYTES);
      assertThat(stored.failures().get("store-1").message())
          .contains("alone slowed the other stores");
      never.countDown();
      await().untilAsserted(() -> assertThat(bad.isEmpty()).isTrue());
      assertThat(fixture.transfers().buffers().idle())
          .isEqualTo(fixture.transfers().buffers().allocated());
    }
  }

  @Test
  void waitsForASlowStoreThatIsNeeded() {
    bad.on(MemoryStore.Operation.APPEND, () -> awaitQuietly(never, Duration.ofMillis(100)));
    StoreTimeouts timeouts = new StoreTimeouts(LONG, LONG, LONG, LONG, SHORT, Duration.ofMillis(1));
    try (TransferFixture fixture = new TransferFixture(timeouts)) {
      Outcome.Stored stored =
          fixture.stored(Requests.from(new BytesSource(BYTES)).to(bad, good).build());

      assertThat(stored.copies()).containsOnlyKeys("store-1", "store-2");
    }
  }

  @Test
  void freesTheSlotWhenANeededStoreHangs() {
    bad.on(MemoryStore.Operation.APPEND, () -> awaitQuietly(never));
    StoreTimeouts timeouts = new StoreTimeouts(LONG, SHORT, LONG, LONG, SHORT, LONG);
    try (TransferFixture fixture = new TransferFixture(timeouts)) {
      Failure failure =
          fixture.failure(Requests.from(new BytesSource(BYTES)).to(bad, good).build());

      assertThat(failure.reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
      assertThat(failure.message()).startsWith("Store store-1: it took no bytes for");
      assertThat(good.isEmpty()).isTrue();
      never.countDown();
      await().untilAsserted(() -> assertThat(bad.isEmpty()).isTrue());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STAT", "PROBE", "OPEN", "COMMIT"})
  void goesOnWithoutAStoreThatDoesNotAnswer(MemoryStore.Operation operation) {
    bad.on(operation, () -> awaitQuietly(never));
    StoreTimeouts timeouts = new StoreTimeouts(SHORT, LONG, SHORT, LONG, SHORT, LONG);
    try (TransferFixture fixture = new TransferFixture(timeouts)) {
      Outcome.Stored stored =
          fixture.stored(Requests.from(new BytesSource(BYTES)).to(bad, good).needing(1).build());

      assertThat(stored.failures().get("store-1").message()).contains("did not answer within");
      never.countDown();
      // A late answer is cleaned up, except a copy that passed the verdict.
      await().untilAsserted(() -> assertThat(bad.openWrites()).isZero());
    }
  }

  @Test
  void fillsTheOtherStoresFromAnAdoptedCopy() {
    TransferRequest alone = Requests.from(new BytesSource(BYTES)).to(good).build();
    bad.failingAt(MemoryStore.Operation.APPEND, StoreException.Kind.FULL);
    try (TransferFixture fixture = new TransferFixture()) {
      fixture.stored(alone);

      Outcome.Stored stored =
          fixture.stored(Requests.from(new BytesSource(BYTES)).to(good, bad).needing(1).build());

      assertThat(stored.copies()).containsOnlyKeys("store-1");
      assertThat(stored.failures()).containsOnlyKeys("store-2");
    }
  }

  /** Ignores interrupts, as a call that hangs in the kernel does. */
  private static void awaitQuietly(CountDownLatch latch) {
    boolean over = false;
    while (!over) {
      try {
        latch.await();
        over = true;
      } catch (InterruptedException e) {
        over = false;
      }
    }
  }

  private static void awaitQuietly(CountDownLatch latch, Duration atMost) {
    try {
      boolean unused = latch.await(atMost.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
