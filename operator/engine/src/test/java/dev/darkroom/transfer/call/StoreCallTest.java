package dev.darkroom.transfer.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.darkroom.concurrent.DaemonThreads;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.RefusedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StoreCallTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(1);

  private final CancellationToken token = new CancellationToken();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(DaemonThreads.named("call-"));

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  @Test
  void returnsTheAnswer() throws Exception {
    StoreCall<String> call = StoreCall.start(threads, "fast", () -> "yes", late -> {});

    assertThat(call.await(LONG, token, LONG)).isEqualTo("yes");
    assertThat(call.abandoned()).isFalse();
  }

  @Test
  void keepsTheExceptionOfTheStore() {
    StoreException full = new StoreException(StoreException.Kind.FULL, "it is full.");
    StoreCall<String> call =
        StoreCall.start(
            threads,
            "fast",
            () -> {
              throw full;
            },
            late -> {});

    assertThatThrownBy(() -> call.await(LONG, token, LONG)).hasCause(full);
    assertThatThrownBy(() -> call.join(LONG, token, LONG))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.failure().reason()).isEqualTo(Reason.STORE_FULL));
  }

  @Test
  void interruptsACallAfterItsTimeout() {
    StoreCall<String> call =
        StoreCall.start(
            threads,
            "slow",
            () -> {
              new CountDownLatch(1).await();
              return "never";
            },
            late -> {});

    assertThatThrownBy(() -> call.await(SHORT, token, LONG))
        .hasCauseInstanceOf(StoreException.class);
    assertThat(call.abandoned()).isFalse();
  }

  @Test
  void aCancellationReplacesTheTimeoutByTheGrace() {
    StoreCall<String> call =
        StoreCall.start(
            threads,
            "slow",
            () -> {
              token.cancel(new Outcome.Cancelled());
              new CountDownLatch(1).await();
              return "never";
            },
            late -> {});

    assertThatThrownBy(() -> call.await(LONG, token, Duration.ofMillis(50)))
        .isInstanceOf(StoreCallException.class);
  }

  @Test
  void cleansUpAfterAnAnswerThatComesAfterTheAbandonment() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    CompletableFuture<String> late = new CompletableFuture<>();
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    StoreCall<String> call =
        StoreCall.start(
            threads,
            "slow",
            () -> {
              begun.countDown();
              return ignoringInterrupts(gate);
            },
            value -> {
              interrupted.complete(Thread.currentThread().isInterrupted());
              late.complete(value);
            });
    begun.await();
    assertThatThrownBy(() -> call.await(SHORT, token, SHORT))
        .hasCauseInstanceOf(StoreException.class);
    assertThat(call.abandoned()).isTrue();

    gate.countDown();

    assertThat(late.get(20, TimeUnit.SECONDS)).isEqualTo("late");
    assertThat(interrupted).isCompletedWithValue(false);
  }

  @Test
  void runsOnTheThreadOfTheCallerWhenTheExecutorRejectsIt() throws Exception {
    threads.shutdown();
    Thread caller = Thread.currentThread();

    StoreCall<Thread> call = StoreCall.start(threads, "fast", Thread::currentThread, late -> {});

    assertThat(call.await(LONG, token, LONG)).isSameAs(caller);
  }

  /** Comes back with its interrupt flag set, as a store may. */
  private static String ignoringInterrupts(CountDownLatch gate) {
    boolean interrupted = false;
    while (gate.getCount() > 0) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return "late";
  }
}
