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

/** Transfers on real threads, with small chunks, so that a test needs little data. */
public final class TransferFixture implements AutoCloseable {

  public static final int CHUNK_BYTES = 64 << 10;
  public static final int CHUNKS = 4;

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

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

  /** Transfers with other timeouts of stores. */
  public TransferFixture(StoreTimeouts timeouts) {
    transfers =
        new Transfers(
            small().build(),
            id -> {},
            TransferObserver.none(),
            timeouts,
            Clock.systemUTC(),
            System::nanoTime);
  }

  /** Long timeouts with this grace. */
  static StoreTimeouts timeouts(Duration grace) {
    return new StoreTimeouts(TIMEOUT, TIMEOUT, TIMEOUT, TIMEOUT, grace, TIMEOUT);
  }

  /** Options with small chunks and parts. */
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

  /** Submits a transfer and returns its id. */
  public String submit(TransferRequest request) {
    String id = "transfer-" + count.incrementAndGet();
    transfers.submit(id, request, Map.of("name", id));
    return id;
  }

  /** Waits for the outcome. */
  public Outcome outcome(String id) {
    return await()
        .atMost(TIMEOUT)
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
      if (!transfers.close(TIMEOUT)) {
        throw new AssertionError("transfers did not end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
