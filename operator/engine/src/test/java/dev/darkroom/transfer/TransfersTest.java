package dev.darkroom.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.TransferOptions;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.model.TransferStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TransfersTest {

  private static final byte[] BYTES = Requests.bytes(1_000_003);

  @Test
  void runsAsManyTransfersAsSlotsInOrder() {
    List<CountDownLatch> gates = new ArrayList<>();
    ConcurrentLinkedQueue<Integer> started = new ConcurrentLinkedQueue<>();
    List<String> ids = new ArrayList<>();
    try (TransferFixture fixture = new TransferFixture(2, id -> {})) {
      for (int i = 0; i < 6; i++) {
        int number = i;
        CountDownLatch gate = new CountDownLatch(1);
        gates.add(gate);
        BytesSource source =
            new BytesSource(BYTES)
                .onOpen(
                    () -> {
                      started.add(number);
                      awaitQuietly(gate);
                    });
        ids.add(fixture.submit(Requests.from(source).to(new MemoryStore()).build()));
      }

      for (int done = 0; done < 6; done++) {
        int expected = Math.min(6, done + 2);
        await().until(() -> started.size() >= expected);
        assertThat(started).hasSize(expected);
        if (expected < 6) {
          assertThat(stage(fixture, ids.get(expected))).isEqualTo(Progress.Stage.QUEUED);
        }
        gates.get(done).countDown();
        assertThat(fixture.outcome(ids.get(done))).isInstanceOf(Outcome.Stored.class);
      }
      assertThat(List.copyOf(started).subList(2, 6)).containsExactly(2, 3, 4, 5);
    }
  }

  @Test
  void acceptsAnIdOnceUntilItIsForgotten() {
    BytesSource source = new BytesSource(BYTES);
    MemoryStore store = new MemoryStore();
    TransferRequest request = Requests.from(source).to(store).build();
    try (TransferFixture fixture = new TransferFixture()) {
      Transfers transfers = fixture.transfers();
      assertThat(transfers.submit("a", request, Map.of())).isTrue();
      assertThat(transfers.submit("a", request, Map.of())).isFalse();
      fixture.outcome("a");
      assertThat(transfers.submit("a", request, Map.of())).isFalse();
      assertThat(source.openings()).isEqualTo(1);

      assertThat(transfers.forget("a")).isTrue();
      assertThat(transfers.forget("a")).isFalse();
      assertThat(transfers.status("a")).isEmpty();
      assertThat(transfers.submit("a", request, Map.of())).isTrue();
      fixture.outcome("a");
    }
  }

  @Test
  void doesNotForgetATransferThatRuns() throws InterruptedException {
    BytesSource source = new BytesSource(BYTES).blockingAt(100_000);
    try (TransferFixture fixture = new TransferFixture()) {
      String id = fixture.submit(Requests.from(source).to(new MemoryStore()).build());
      source.blocked().await();

      assertThat(fixture.transfers().forget(id)).isFalse();
      assertThat(stage(fixture, id)).isEqualTo(Progress.Stage.IMPORTING);
    }
  }

  @Test
  void notifiesTheListenerOfTheLastBytesOfAStalledSource() {
    Queue<Long> heard = new ConcurrentLinkedQueue<>();
    AtomicReference<Transfers> transfers = new AtomicReference<>();
    TransferOptions everySecond =
        TransferFixture.small().announceEvery(Duration.ofSeconds(1)).build();
    BytesSource source = new BytesSource(BYTES).blockingAt(500_000);
    try (TransferFixture fixture =
        new TransferFixture(
            everySecond,
            (String id) ->
                transfers.get().status(id).ifPresent(now -> heard.add(now.progress().bytes())))) {
      transfers.set(fixture.transfers());

      String unused = fixture.submit(Requests.from(source).to(new MemoryStore()).build());

      await().until(() -> heard.contains(500_000L));
    }
  }

  @Test
  void notifiesTheListenerWhenATransferEnds() {
    ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();
    TransferOptions rarely = TransferFixture.small().announceEvery(Duration.ofHours(1)).build();
    String id;
    try (TransferFixture fixture = new TransferFixture(rarely, heard::add)) {
      id = fixture.submit(Requests.from(new BytesSource(BYTES)).to(new MemoryStore()).build());
      fixture.outcome(id);
    }

    // Four stages and the end at most; several changes can be one notification.
    assertThat(heard).isNotEmpty().containsOnly(id).hasSizeLessThanOrEqualTo(5);
  }

  @Test
  void aListenerSeesTheOutcomeAndCanCallTransfers() {
    ConcurrentLinkedQueue<Outcome> seen = new ConcurrentLinkedQueue<>();
    List<Transfers> late = new ArrayList<>();
    CountDownLatch ready = new CountDownLatch(1);
    try (TransferFixture fixture =
        new TransferFixture(
            4,
            id -> {
              awaitQuietly(ready);
              late.get(0).status(id).flatMap(TransferStatus::outcome).ifPresent(seen::add);
            })) {
      late.add(fixture.transfers());
      ready.countDown();
      String id =
          fixture.submit(Requests.from(new BytesSource(BYTES)).to(new MemoryStore()).build());
      fixture.outcome(id);

      await().until(() -> !seen.isEmpty());
      assertThat(seen.peek()).isInstanceOf(Outcome.Stored.class);
    }
  }

  @Test
  void goesOnWhenAListenerThrows() {
    AtomicInteger calls = new AtomicInteger();
    try (TransferFixture fixture =
        new TransferFixture(
            1,
            id -> {
              calls.incrementAndGet();
              throw new IllegalStateException("a listener with a bug");
            })) {
      for (int i = 0; i < 3; i++) {
        fixture.stored(Requests.from(new BytesSource(BYTES)).to(new MemoryStore()).build());
      }
      await().until(() -> calls.get() >= 3);
    }
  }

  @Test
  void freesItsSlotsAfterUnexpectedExceptions() {
    MemoryStore broken =
        new MemoryStore()
            .on(
                MemoryStore.Operation.APPEND,
                () -> {
                  throw new OutOfMemoryError("on purpose");
                });
    try (TransferFixture fixture = new TransferFixture(1, id -> {})) {
      for (int i = 0; i < 5; i++) {
        BytesSource source = new BytesSource(BYTES);
        assertThat(fixture.run(Requests.from(source).to(broken).build()))
            .isInstanceOf(Outcome.Failed.class);
      }
      BytesSource nameless = new BytesSource(BYTES).named("x").at(0, () -> {});
      assertThat(fixture.run(Requests.from(nameless).to(new MemoryStore()).build()))
          .isInstanceOf(Outcome.Stored.class);
    }
  }

  @Test
  void holdsNoMoreBuffersThanTheLimitOfItsSlots() {
    byte[] large = Requests.bytes(8 << 20);
    try (TransferFixture fixture = new TransferFixture(2, id -> {})) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        MemoryStore slow = new MemoryStore();
        slow.on(MemoryStore.Operation.APPEND, Thread::yield);
        ids.add(
            fixture.submit(
                Requests.from(new BytesSource(large)).to(slow, new MemoryStore()).build()));
      }
      ids.forEach(id -> assertThat(fixture.outcome(id)).isInstanceOf(Outcome.Stored.class));

      assertThat(fixture.transfers().buffers().allocated())
          .isLessThanOrEqualTo(2 * TransferFixture.CHUNKS);
      assertThat(fixture.transfers().buffers().idle())
          .isEqualTo(fixture.transfers().buffers().allocated());
    }
  }

  @Test
  void leavesNothingBehindAfterClose() throws InterruptedException {
    TransferFixture fixture = new TransferFixture(1, id -> {});
    MemoryStore store = new MemoryStore();
    BytesSource source = new BytesSource(BYTES).blockingAt(500_000);
    String running = fixture.submit(Requests.from(source).to(store).build());
    String queued =
        fixture.submit(Requests.from(new BytesSource(BYTES)).to(new MemoryStore()).build());
    source.blocked().await();

    assertThat(fixture.transfers().close(Duration.ofSeconds(20))).isTrue();

    assertThat(store.isEmpty()).isTrue();
    assertThat(source.openBodies()).isZero();
    assertThat(fixture.outcome(running)).isInstanceOf(Outcome.Cancelled.class);
    assertThat(fixture.outcome(queued)).isInstanceOf(Outcome.Cancelled.class);
    assertThatThrownBy(
            () ->
                fixture.submit(Requests.from(new BytesSource(BYTES)).to(new MemoryStore()).build()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closeReturnsFalseWhenAStoreHangs() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch reached = new CountDownLatch(1);
    MemoryStore hanging =
        new MemoryStore()
            .on(
                MemoryStore.Operation.PROBE,
                () -> {
                  reached.countDown();
                  awaitQuietly(gate);
                });
    TransferFixture fixture = new TransferFixture();
    fixture.submit(Requests.from(new BytesSource(BYTES)).to(hanging).build());
    reached.await();

    assertThat(fixture.transfers().close(Duration.ofMillis(50))).isFalse();

    gate.countDown();
    assertThat(fixture.transfers().close(Duration.ofSeconds(20))).isTrue();
    assertThat(hanging.isEmpty()).isTrue();
  }

  @Test
  void interruptsAStoreThatHangsAfterACancellation() throws InterruptedException {
    CountDownLatch reached = new CountDownLatch(1);
    MemoryStore hanging =
        new MemoryStore()
            .on(
                MemoryStore.Operation.APPEND,
                () -> {
                  reached.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    throw new StoreException(StoreException.Kind.UNAVAILABLE, "interrupted", e);
                  }
                });
    try (TransferFixture fixture = new TransferFixture()) {
      String id = fixture.submit(Requests.from(new BytesSource(BYTES)).to(hanging).build());
      reached.await();

      fixture.transfers().cancel(id);

      assertThat(fixture.outcome(id)).isInstanceOf(Outcome.Cancelled.class);
      assertThat(hanging.isEmpty()).isTrue();
    }
  }

  private static Progress.Stage stage(TransferFixture fixture, String id) {
    return fixture.transfers().status(id).orElseThrow().progress().stage();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
