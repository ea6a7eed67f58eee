package dev.darkroom.transfer;

import static dev.darkroom.transfer.Requests.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.TransferStatus;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TransferCancelTest {

  private static final byte[] BYTES = Requests.bytes(1_000_003);

  private final TransferFixture fixture = new TransferFixture(1, id -> {});
  private final MemoryStore store = new MemoryStore();

  @AfterEach
  void leavesNothingBehind() {
    fixture.close();
    assertThat(store.openWrites()).isZero();
    assertThat(fixture.transfers().buffers().idle())
        .isEqualTo(fixture.transfers().buffers().allocated());
  }

  @Test
  void cancelsAnOpeningThatBlocks() throws InterruptedException {
    BytesSource source = new BytesSource(BYTES).openingAfter(new CountDownLatch(1));
    String id = fixture.submit(Requests.from(source).to(store).build());
    source.blocked().await();

    assertThat(fixture.transfers().cancel(id)).isTrue();

    assertThat(fixture.outcome(id)).isInstanceOf(Outcome.Cancelled.class);
    assertThat(store.isEmpty()).isTrue();
  }

  @Test
  void cancelsAReadThatBlocks() throws InterruptedException {
    BytesSource source = new BytesSource(BYTES).blockingAt(500_000);
    String id = fixture.submit(Requests.from(source).to(store).build());
    source.blocked().await();

    fixture.transfers().cancel(id);

    assertThat(fixture.outcome(id)).isInstanceOf(Outcome.Cancelled.class);
    assertThat(source.openBodies()).isZero();
    assertThat(store.isEmpty()).isTrue();
  }

  @Test
  void cancelsAReaderThatWaitsForASlowStore() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    store.on(MemoryStore.Operation.APPEND, () -> awaitQuietly(gate));
    BytesSource source = new BytesSource(BYTES);
    String id = fixture.submit(Requests.from(source).to(store).build());
    long inFlight = (long) TransferFixture.CHUNKS * TransferFixture.CHUNK_BYTES;
    await().until(() -> source.bytesRead() == inFlight);

    fixture.transfers().cancel(id);

    await().until(() -> source.openBodies() == 0);
    assertThat(source.bytesRead()).isEqualTo(inFlight);
    gate.countDown();
    assertThat(fixture.outcome(id)).isInstanceOf(Outcome.Cancelled.class);
    assertThat(store.isEmpty()).isTrue();
  }

  @Test
  void cancelsAQueuedTransfer() throws InterruptedException {
    BytesSource first = new BytesSource(BYTES).blockingAt(0);
    String running = fixture.submit(Requests.from(first).to(store).build());
    first.blocked().await();
    BytesSource second = new BytesSource(BYTES);
    String queued = fixture.submit(Requests.from(second).to(new MemoryStore()).build());

    fixture.transfers().cancel(queued);

    TransferStatus status = fixture.transfers().status(queued).orElseThrow();
    assertThat(status.outcome()).containsInstanceOf(Outcome.Cancelled.class);
    fixture.transfers().cancel(running);
    fixture.outcome(running);
    assertThat(second.openings()).isZero();
  }

  @Test
  void cancelsNothingWhilePublishing() throws InterruptedException {
    CountDownLatch committing = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    store.on(
        MemoryStore.Operation.COMMIT,
        () -> {
          committing.countDown();
          awaitQuietly(gate);
        });
    String id = fixture.submit(Requests.from(new BytesSource(BYTES)).to(store).build());
    committing.await();

    fixture.transfers().cancel(id);
    gate.countDown();

    assertThat(fixture.outcome(id)).isInstanceOf(Outcome.Stored.class);
    assertThat(store.content(KEY)).isEqualTo(BYTES);
  }

  @Test
  void returnsFalseForAnEndedOrUnknownTransfer() {
    String id = fixture.submit(Requests.from(new BytesSource(BYTES)).to(store).build());
    fixture.outcome(id);

    assertThat(fixture.transfers().cancel(id)).isFalse();
    assertThat(fixture.transfers().cancel("unknown")).isFalse();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
