package dev.darkroom.transfer;

import static dev.darkroom.transfer.Requests.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.TransferRequest;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A transfer publishes in all stores or in none, and only after the verdict. */
class TransferAtomicityTest {

  private static final byte[] BYTES = Requests.bytes(1_000_003);

  private final TransferFixture fixture = new TransferFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource({
    "OPEN, 0",
    "OPEN, 1",
    "OPEN, 2",
    "APPEND, 0",
    "APPEND, 1",
    "APPEND, 2",
    "COMMIT, 0",
    "COMMIT, 1",
    "COMMIT, 2"
  })
  void publishesNowhereWhenOneOfThreeStoresFails(MemoryStore.Operation operation, int which) {
    MemoryStore[] stores = {new MemoryStore(), new MemoryStore(), new MemoryStore()};
    stores[which].failingAt(operation, StoreException.Kind.FULL);

    Failure failure = fixture.failure(Requests.from(new BytesSource(BYTES)).to(stores).build());

    assertThat(failure)
        .isEqualTo(
            Failure.of(Reason.STORE_FULL, "Store store-" + (which + 1) + ": no " + operation));
    assertThat(stores).allMatch(MemoryStore::isEmpty);
  }

  @Test
  void closesTheSourceAtOnceWhenAStoreFails() {
    CountDownLatch failing = new CountDownLatch(1);
    BytesSource source = new BytesSource(BYTES).blockingAt(100_000);
    MemoryStore store =
        new MemoryStore()
            .on(
                MemoryStore.Operation.APPEND,
                () -> {
                  awaitQuietly(source.blocked());
                  failing.countDown();
                  throw new StoreException(StoreException.Kind.FULL, "full");
                });

    Failure failure = fixture.failure(Requests.from(source).to(store).build());

    assertThat(failing.getCount()).isZero();
    assertThat(failure.reason()).isEqualTo(Reason.STORE_FULL);
    assertThat(source.openBodies()).isZero();
    assertThat(store.isEmpty()).isTrue();
  }

  @Test
  void showsNothingWhileBytesFlow() {
    MemoryStore store = new MemoryStore();
    BytesSource source = new BytesSource(BYTES).blockingAt(BYTES.length);

    String id = fixture.submit(Requests.from(source).to(store).build());
    awaitQuietly(source.blocked());

    assertThat(store.list("")).isEmpty();
    assertThat(store.openWrites()).isEqualTo(1);
    fixture.transfers().cancel(id);
    assertThat(fixture.outcome(id)).isInstanceOf(Outcome.Cancelled.class);
  }

  @Test
  void adoptsTheSameBytesOfAFasterWriter() {
    MemoryStore store = new MemoryStore();
    TransferRequest request = Requests.from(new BytesSource(BYTES)).to(store).build();
    TransferRequest theirs = Requests.from(new BytesSource(BYTES)).to(new MemoryStore()).build();
    publishedMeanwhile(store, fixture.stored(theirs).copies().get("store-1").attributes());

    Outcome.Stored stored = fixture.stored(request);

    assertThat(stored.copies()).containsOnlyKeys("store-1");
    assertThat(store.content(KEY)).isEqualTo(BYTES);
    assertThat(store.openWrites()).isZero();
  }

  @Test
  void keepsOtherBytesOfAFasterWriter() {
    MemoryStore store = new MemoryStore();
    publishedMeanwhile(store, Map.of());

    Failure failure = fixture.failure(Requests.from(new BytesSource(BYTES)).to(store).build());

    assertThat(failure.reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    assertThat(store.content(KEY)).isEqualTo(BYTES);
  }

  private static void publishedMeanwhile(MemoryStore store, Map<String, String> attributes) {
    store.on(MemoryStore.Operation.COMMIT, () -> store.holding(KEY, BYTES, attributes));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
