package dev.darkroom.transfer;

import static org.awaitility.Awaitility.await;

import dev.darkroom.transfer.call.StoreTimeouts;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.TransferObserver;
import dev.darkroom.transfer.model.TransferOptions;
import dev.darkroom.transfer.model.TransferOptionsBuilder;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.model.TransferStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Real transfers on real threads, with small chunks so that little data goes a long way. */
public final class TransferFixture implements AutoCloseable {

  public static final int CHUNK_BYTES = 64 << 10;
  public static final int CHUNKS = 4;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Transfers transfers;
  private final AtomicInteger count = new AtomicInteger();

  public TransferFixture() {
    this(4, id -> {});
  }

  public TransferFixture(int slots, Consumer<String> listener) {
    this(small().slots(slots).build(), listener);
  }

  public TransferFixture(TransferOptions options, Consumer<String> listener) {
    transfers = new Transfers(options, listener);
  }

  public TransferFixture(TransferOptions options, TransferObserver stages) {
    transfers = new Transfers(options, id -> {}, stages);
  }

  /** With stores that are waited for as long as that. */
  public TransferFixture(StoreTimeouts patience) {
    transfers =
        new Transfers(
            small().build(),
            id -> {},
            TransferObserver.none(),
            patience,
            Clock.systemUTC(),
            System::nanoTime);
  }

  /** Waits for everything so long, but for what is not tested for the longest. */
  static StoreTimeouts patience(Duration grace) {
    return new StoreTimeouts(PATIENCE, PATIENCE, PATIENCE, PATIENCE, grace, PATIENCE);
  }

  /** Options that make much of little data. */
  public static TransferOptionsBuilder small() {
    return TransferOptionsBuilder.builder(TransferOptions.defaults())
        .chunkBytes(CHUNK_BYTES)
        .journalPartBytes(CHUNK_BYTES)
        .chunksInFlight(CHUNKS)
        .announceEvery(Duration.ZERO);
  }

  Transfers transfers() {
    return transfers;
  }

  /** Submits it; the id. */
  public String submit(TransferRequest request) {
    String id = "transfer-" + count.incrementAndGet();
    transfers.submit(id, request, Map.of("name", id));
    return id;
  }

  /** Waits for the end. */
  public Outcome outcome(String id) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> transfers.status(id).flatMap(TransferStatus::outcome), Optional::isPresent)
        .orElseThrow();
  }

  Outcome run(TransferRequest request) {
    return outcome(submit(request));
  }

  Outcome.Stored stored(TransferRequest request) {
    Outcome outcome = run(request);
    if (outcome instanceof Outcome.Stored stored) {
      return stored;
    }
    throw new AssertionError("not stored but " + outcome);
  }

  public Failure failure(TransferRequest request) {
    return failureOf(run(request));
  }

  static Failure failureOf(Outcome outcome) {
    if (outcome instanceof Outcome.Failed failed) {
      return failed.failure();
    }
    throw new AssertionError("not failed but " + outcome);
  }

  @Override
  public void close() {
    try {
      if (!transfers.close(PATIENCE)) {
        throw new AssertionError("transfers did not end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
