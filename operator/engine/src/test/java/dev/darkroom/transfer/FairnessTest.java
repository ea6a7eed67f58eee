package dev.darkroom.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.QueuePlace;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferOptions;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.model.TransferRequestBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The order in which transfers start. */
@Timeout(60)
class FairnessTest {

  private static final byte[] BYTES = Requests.bytes(100_000);

  private final ConcurrentLinkedQueue<String> started = new ConcurrentLinkedQueue<>();
  private final Semaphore go = new Semaphore(0);
  private final List<TransferFixture> open = new ArrayList<>();

  @AfterEach
  void close() {
    go.release(1000);
    open.forEach(TransferFixture::close);
  }

  @Test
  void tenantsTakeTurns() {
    TransferFixture fixture = fixture(TransferFixture.small().slots(1).build());
    submit(fixture, "hog-1", "hog", new MemoryStore());
    await().until(() -> started.size() == 1);
    for (int i = 2; i <= 4; i++) {
      submit(fixture, "hog-" + i, "hog", new MemoryStore());
    }
    submit(fixture, "a-1", "a", new MemoryStore());
    submit(fixture, "b-1", "b", new MemoryStore());
    submit(fixture, "a-2", "a", new MemoryStore());

    assertThat(place(fixture, "a-1").position()).isEqualTo(2);
    assertThat(place(fixture, "b-1").position()).isEqualTo(3);
    assertThat(place(fixture, "hog-2").position()).isEqualTo(1);
    assertThat(place(fixture, "hog-4").position()).isEqualTo(6);
    assertThat(place(fixture, "a-1").limit()).isEqualTo(QueuePlace.Limit.SLOTS);

    go.release(7);
    await().until(() -> started.size() == 7);
    assertThat(started).containsExactly("hog-1", "hog-2", "a-1", "b-1", "hog-3", "a-2", "hog-4");
  }

  @Test
  void aTenantHasALimitOfSlots() {
    TransferFixture fixture =
        fixture(TransferFixture.small().slots(4).slotsPerTenant(OptionalInt.of(1)).build());
    submit(fixture, "a-1", "a", new MemoryStore());
    submit(fixture, "a-2", "a", new MemoryStore());
    submit(fixture, "b-1", "b", new MemoryStore());

    await().until(() -> started.size() == 2);
    assertThat(started).containsExactlyInAnyOrder("a-1", "b-1");
    assertThat(place(fixture, "a-2"))
        .isEqualTo(new QueuePlace(1, QueuePlace.Limit.TENANT, Optional.empty()));
  }

  @Test
  void aStoreHasALimitOfTransfersAndOthersOvertake() {
    TransferFixture fixture =
        fixture(TransferFixture.small().slots(4).slotsPerStore(OptionalInt.of(1)).build());
    MemoryStore busy = new MemoryStore();
    submit(fixture, "a-1", "a", busy);
    submit(fixture, "a-2", "a", busy);
    await().until(() -> started.size() == 1);

    // The fixture numbers stores: this one is store-2.
    TransferRequest elsewhere =
        TransferRequestBuilder.builder(
                Requests.from(gated("a-3")).to(new MemoryStore()).ofTenant("a").build())
            .targets(List.of(new Target("store-2", new MemoryStore(), Requests.KEY)))
            .build();
    fixture.transfers().submit("a-3", elsewhere, Map.of());

    await().until(() -> started.size() == 2);
    assertThat(started).containsExactly("a-1", "a-3");
    assertThat(place(fixture, "a-2"))
        .isEqualTo(new QueuePlace(1, QueuePlace.Limit.STORE, Optional.of("store-1")));
  }

  @Test
  void noTransferOvertakesOneThatWaitsForTheSameStore() {
    TransferFixture fixture =
        fixture(TransferFixture.small().slots(4).slotsPerStore(OptionalInt.of(1)).build());
    submit(fixture, "one", "a", new MemoryStore());
    await().until(() -> started.size() == 1);
    // Needs store-1, which is busy, and store-2, which is free.
    submit(fixture, "both", "b", new MemoryStore(), new MemoryStore());
    TransferRequest second =
        TransferRequestBuilder.builder(
                Requests.from(gated("second")).to(new MemoryStore()).ofTenant("c").build())
            .targets(List.of(new Target("store-2", new MemoryStore(), Requests.KEY)))
            .build();
    fixture.transfers().submit("second", second, Map.of());

    go.release();
    await().until(() -> started.size() == 2);
    assertThat(started).containsExactly("one", "both");
  }

  @Test
  void aCancelledTransferLeavesTheQueue() {
    TransferFixture fixture = fixture(TransferFixture.small().slots(1).build());
    submit(fixture, "a-1", "a", new MemoryStore());
    submit(fixture, "a-2", "a", new MemoryStore());
    submit(fixture, "a-3", "a", new MemoryStore());

    fixture.transfers().cancel("a-2");

    assertThat(fixture.outcome("a-2")).isInstanceOf(Outcome.Cancelled.class);
    assertThat(place(fixture, "a-3").position()).isEqualTo(1);
    assertThat(fixture.transfers().status("a-2").orElseThrow().queue()).isEmpty();
  }

  private TransferFixture fixture(TransferOptions options) {
    TransferFixture fixture = new TransferFixture(options, id -> {});
    open.add(fixture);
    return fixture;
  }

  private void submit(TransferFixture fixture, String id, String tenant, MemoryStore... stores) {
    fixture
        .transfers()
        .submit(id, Requests.from(gated(id)).to(stores).ofTenant(tenant).build(), Map.of());
  }

  private BytesSource gated(String id) {
    CountDownLatch once = new CountDownLatch(1);
    return new BytesSource(BYTES)
        .onOpen(
            () -> {
              if (once.getCount() > 0) {
                once.countDown();
                started.add(id);
              }
              go.acquireUninterruptibly();
            });
  }

  private static QueuePlace place(TransferFixture fixture, String id) {
    return fixture.transfers().status(id).orElseThrow().queue().orElseThrow();
  }
}
