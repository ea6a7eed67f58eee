package dev.darkroom.transfer.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CancellationTokenTest {

  private static final Outcome FIRST =
      new Outcome.Failed(Failure.of(Reason.STORE_FULL, "There is no room."));
  private static final Outcome CANCELLED = new Outcome.Cancelled();

  private final CancellationToken stop = new CancellationToken();
  private final AtomicInteger actions = new AtomicInteger();

  @Test
  void keepsTheFirstCause() {
    assertThat(stop.stop(FIRST)).isTrue();
    assertThat(stop.stop(CANCELLED)).isFalse();

    assertThat(stop.outcome()).contains(FIRST);
  }

  @Test
  void runsWhatIsToBeDoneOnceWhateverAnActionThrows() {
    stop.whenStopped(
        () -> {
          throw new IllegalStateException("on purpose");
        });
    stop.whenStopped(actions::incrementAndGet);
    assertThat(actions).hasValue(0);

    stop.stop(FIRST);
    stop.stop(CANCELLED);

    assertThat(actions).hasValue(1);
  }

  @Test
  void runsWhatIsAskedForTooLateAtOnce() {
    stop.stop(FIRST);

    stop.whenStopped(actions::incrementAndGet);

    assertThat(actions).hasValue(1);
  }

  @Test
  void wakesAWaitAndLeavesNoInterruptBehind() throws InterruptedException {
    CountDownLatch waiting = new CountDownLatch(1);
    Thread stopper =
        new Thread(
            () -> {
              try {
                waiting.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              stop.stop(CANCELLED);
            });
    stopper.start();

    assertThatThrownBy(
            () ->
                stop.interruptibly(
                    () -> {
                      waiting.countDown();
                      new CountDownLatch(1).await();
                      return "never";
                    }))
        .isInstanceOf(InterruptedException.class);

    stopper.join();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void doesNotBeginToWaitOnceStopped() {
    stop.stop(CANCELLED);

    assertThatThrownBy(() -> stop.interruptibly(actions::incrementAndGet))
        .isInstanceOf(InterruptedException.class);
    assertThat(actions).hasValue(0);
  }

  @Test
  void cannotBeStoppedPastThePointOfNoReturn() throws InterruptedException {
    stop.whenStopped(actions::incrementAndGet);
    stop.passPointOfNoReturn();

    assertThat(stop.stop(CANCELLED)).isFalse();

    assertThat(stop.stopped()).isFalse();
    assertThat(actions).hasValue(0);
  }

  @Test
  void doesNotPassThePointOfNoReturnOnceStopped() {
    stop.stop(CANCELLED);

    assertThatThrownBy(stop::passPointOfNoReturn).isInstanceOf(InterruptedException.class);
  }
}
