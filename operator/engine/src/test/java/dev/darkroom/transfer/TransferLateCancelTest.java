package dev.darkroom.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.codec.DecodeLimits;
import dev.darkroom.convert.ConvertLimits;
import dev.darkroom.format.InspectionLimits;
import dev.darkroom.source.fetch.FetchOptions;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.StoreTimeouts;
import dev.darkroom.transfer.call.Throttle;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.intake.IntakeTools;
import dev.darkroom.transfer.memory.BufferPool;
import dev.darkroom.transfer.memory.Chunks;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.TransferObserver;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.pipeline.ProgressMeter;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cancellation at the beginning of a stage. */
class TransferLateCancelTest {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CancellationToken token = new CancellationToken();
  private final MemoryStore store = new MemoryStore();

  @AfterEach
  void shutDown() {
    threads.shutdown();
  }

  @ParameterizedTest
  @EnumSource(names = {"PREFLIGHT", "IMPORTING", "VALIDATING"})
  void publishesNothingBeforeThePointOfNoReturn(Progress.Stage stage) {
    Outcome outcome = runCancelledAt(stage);

    assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
    assertThat(store.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = "PUBLISHING")
  void publishesEverythingAfterIt(Progress.Stage stage) {
    Outcome outcome = runCancelledAt(stage);

    assertThat(outcome).isInstanceOf(Outcome.Stored.class);
    assertThat(store.content(Requests.KEY)).isEqualTo(Requests.bytes(200_000));
  }

  private Outcome runCancelledAt(Progress.Stage stage) {
    AtomicReference<ProgressMeter> meter = new AtomicReference<>();
    meter.set(
        new ProgressMeter(
            Clock.systemUTC(),
            System::nanoTime,
            Duration.ofHours(1),
            (what, nanos) -> {},
            TransferObserver.Recorder.NONE,
            () -> {
              if (meter.get().snapshot().stage() == stage) {
                token.cancel(new Outcome.Cancelled());
              }
            }));
    TransferRequest request =
        Requests.from(new BytesSource(Requests.bytes(200_000))).to(store).build();
    Chunks chunks = new Chunks(new BufferPool(TransferFixture.CHUNK_BYTES), TransferFixture.CHUNKS);
    TransferContext context =
        new TransferContext(
            threads,
            chunks,
            StoreTimeouts.defaults(),
            new Throttle(OptionalLong.empty(), System::nanoTime),
            FetchOptions.defaults(),
            System::nanoTime,
            TransferObserver.Recorder.NONE);
    return new TransferRun(
            request,
            context,
            new SourceTools(
                Optional.empty(),
                new IntakeTools(
                    Optional.empty(),
                    Optional.empty(),
                    InspectionLimits.defaults(),
                    DecodeLimits.defaults(),
                    ConvertLimits.defaults(),
                    Clock.systemUTC())),
            meter.get(),
            token,
            (store, health) -> {})
        .run();
  }
}
