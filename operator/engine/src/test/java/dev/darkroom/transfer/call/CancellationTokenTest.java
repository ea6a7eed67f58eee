package dev.darkroom.transfer.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CancellationTokenTest {

  private static final Outcome FIRST =
      new Outcome.Failed(Failure.of(Reason.STORE_FULL, "The store is full."));
  private static final Outcome CANCELLED = new Outcome.Cancelled();
  private static final Duration LONG = Duration.ofHours(1);

  private final CancellationToken token = new CancellationToken();
  private final AtomicInteger runs = new AtomicInteger();

  @Test
  void theFirstCauseWins() {
    assertThat(token.cancel(FIRST)).isTrue();
    assertThat(token.cancel(CANCELLED)).isFalse();

    assertThat(token.outcome()).contains(FIRST);
  }

  @Test
  void aSecondSuspensionChangesNothing() {
    assertThat(token.suspend(Runnable::run)).isTrue();
    assertThat(token.suspend(Runnable::run)).isFalse();

    assertThat(token.suspended()).isTrue();
    assertThat(token.outcome()).contains(CANCELLED);
  }

  @Test
  void aSuspensionAfterACancellationKeepsNothing() {
    token.cancel(CANCELLED);

    assertThat(token.suspend(Runnable::run)).isFalse();

    assertThat(token.suspended()).isFalse();
  }

  @Test
  void aCancellationAfterASuspensionChangesNothing() {
    token.suspend(Runnable::run);

    assertThat(token.cancel(CANCELLED)).isFalse();

    assertThat(token.suspended()).isTrue();
  }

  @Test
  void runsEachCallbackOnceWhateverAnotherOneThrows() {
    token.onCancel(
        () -> {
          throw new IllegalStateException("on purpose");
        });
    token.onCancel(runs::incrementAndGet);
    assertThat(runs).hasValue(0);

    token.cancel(FIRST);
    token.cancel(CANCELLED);

    assertThat(runs).hasValue(1);
  }

  @Test
  void runsACallbackAtOnceThatComesAfterTheCancellation() {
    token.cancel(FIRST);

    token.onCancel(runs::incrementAndGet);

    assertThat(runs).hasValue(1);
  }

  @Test
  void doesNotRunARemovedCallback() {
    token.onCancel(runs::incrementAndGet);
    token.onCancel(runs::incrementAndGet).close();

    token.cancel(FIRST);

    assertThat(runs).hasValue(1);
  }

  @Test
  void isCancelledBeforeTheExecutorRunsTheCallbacks() {
    List<Runnable> tasks = new ArrayList<>();
    token.onCancel(runs::incrementAndGet);

    assertThat(token.cancel(CANCELLED, tasks::add)).isTrue();

    assertThat(token.cancelled()).isTrue();
    assertThat(runs).hasValue(0);
    tasks.forEach(Runnable::run);
    assertThat(runs).hasValue(1);
  }

  @Test
  void cancelsAChildWithTheSameCauseAndNotTheOtherWayRound() {
    CancellationToken first = token.child();
    CancellationToken second = token.child();

    first.cancel(CANCELLED);
    assertThat(token.cancelled()).isFalse();
    token.cancel(FIRST);

    assertThat(first.outcome()).contains(CANCELLED);
    assertThat(second.outcome()).contains(FIRST);
  }

  @Test
  void interruptsACallAndLeavesNoInterruptBehind() throws InterruptedException {
    CountDownLatch waiting = new CountDownLatch(1);
    Thread canceller = cancelAfter(waiting);

    assertThatThrownBy(
            () ->
                token.callInterruptibly(
                    () -> {
                      waiting.countDown();
                      new CountDownLatch(1).await();
                      return "never";
                    }))
        .isInstanceOf(InterruptedException.class);

    canceller.join();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void beginsNoCallAfterTheCancellation() {
    token.cancel(CANCELLED);

    assertThatThrownBy(() -> token.callInterruptibly(runs::incrementAndGet))
        .isInstanceOf(InterruptedException.class);
    assertThat(runs).hasValue(0);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void endsAWaitForAFuture() throws InterruptedException {
    Thread canceller = cancelAfter(new CountDownLatch(0));

    assertThatThrownBy(() -> token.await(new CompletableFuture<>(), LONG))
        .isInstanceOf(InterruptedException.class);

    canceller.join();
  }

  @Test
  void endsAPause() throws InterruptedException {
    Thread canceller = cancelAfter(new CountDownLatch(0));

    assertThatThrownBy(() -> token.pause(LONG)).isInstanceOf(InterruptedException.class);

    canceller.join();
  }

  @Test
  void waitsForAFutureALimitedTime() throws InterruptedException {
    assertThat(token.await(new CompletableFuture<>(), Duration.ofMillis(1))).isFalse();
    assertThat(token.await(CompletableFuture.completedFuture(1), LONG)).isTrue();
    assertThat(token.await(CompletableFuture.failedFuture(new Exception()), LONG)).isTrue();
  }

  @Test
  void isNotCancelledAfterThePointOfNoReturn() throws InterruptedException {
    token.onCancel(runs::incrementAndGet);
    token.passPointOfNoReturn();

    assertThat(token.cancel(CANCELLED)).isFalse();
    assertThat(token.suspend(Runnable::run)).isFalse();

    assertThat(token.cancelled()).isFalse();
    assertThat(token.suspended()).isFalse();
    assertThat(runs).hasValue(0);
  }

  @Test
  void doesNotPassThePointOfNoReturnAfterTheCancellation() {
    token.cancel(CANCELLED);

    assertThatThrownBy(token::passPointOfNoReturn).isInstanceOf(InterruptedException.class);
  }

  private Thread cancelAfter(CountDownLatch latch) {
    Thread thread =
        new Thread(
            () -> {
              try {
                latch.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              token.cancel(CANCELLED);
            });
    thread.start();
    return thread;
  }
}
