package dev.darkroom.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.codec.DecodeLimits;
import dev.darkroom.convert.ConvertLimits;
import dev.darkroom.source.FetchOptions;
import java.time.Clock;
import java.time.Duration;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cancel that comes at the very moment a stage begins. */
class TransferLateStopTest {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final StopSignal stop = new StopSignal();
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
  void publishesAllAfterIt(Progress.Stage stage) {
    Outcome outcome = runCancelledAt(stage);

    assertThat(outcome).isInstanceOf(Outcome.Stored.class);
    assertThat(store.content(Requests.KEY)).isEqualTo(Requests.bytes(200_000));
  }

  private Outcome runCancelledAt(Progress.Stage stage) {
    AtomicReference<Meter> meter = new AtomicReference<>();
    meter.set(
        new Meter(
            Clock.systemUTC(),
            System::nanoTime,
            Duration.ofHours(1),
            (what, nanos) -> {},
            TransferObserver.Journey.UNOBSERVED,
            () -> {
              if (meter.get().snapshot().stage() == stage) {
                stop.stop(new Outcome.Cancelled());
              }
            }));
    TransferRequest request =
        Requests.from(new BytesSource(Requests.bytes(200_000))).to(store).build();
    Chunks chunks = new Chunks(new BufferPool(TransferFixture.CHUNK_BYTES), TransferFixture.CHUNKS);
    Workshop workshop =
        new Workshop(
            threads,
            chunks,
            Patience.defaults(),
            new Throttle(OptionalLong.empty(), System::nanoTime),
            FetchOptions.defaults(),
            System::nanoTime,
            TransferObserver.Journey.UNOBSERVED);
    return new Transfer(
            request,
            workshop,
            new SourceTools(
                Optional.empty(),
                new IntakeTools(
                    Optional.empty(),
                    Optional.empty(),
                    DecodeLimits.defaults(),
                    ConvertLimits.defaults(),
                    Clock.systemUTC())),
            meter.get(),
            stop, (store, health) -> {}).run();
  }
}
