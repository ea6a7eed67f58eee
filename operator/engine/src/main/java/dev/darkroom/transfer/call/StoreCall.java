package dev.darkroom.transfer.call;

import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.RefusedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call of a store, on a thread of its own, so that a store that does not answer can be left
 * alone. What it answers after that is not lost: it is handed to somebody who cleans up.
 */
public final class StoreCall<T> {

  private static final Logger LOG = LoggerFactory.getLogger(StoreCall.class);

  private final String store;
  private final Callable<T> call;
  private final Consumer<T> ifLate;
  private final Object lock = new Object();
  private Optional<Thread> worker = Optional.empty();
  private Optional<T> result = Optional.empty();
  private Optional<Throwable> thrown = Optional.empty();
  private boolean abandoned;

  private StoreCall(String store, Callable<T> call, Consumer<T> ifLate) {
    this.store = store;
    this.call = call;
    this.ifLate = ifLate;
  }

  /**
   * Starts it; on the caller's thread where there is no other.
   *
   * @param store its name, for people
   * @param ifLate gets what it returns when nobody waits for it any more
   */
  public static <T> StoreCall<T> start(
      Executor threads, String store, Callable<T> call, Consumer<T> ifLate) {
    StoreCall<T> started = new StoreCall<>(store, call, ifLate);
    try {
      threads.execute(started::run);
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.debug("No thread for a call of store {}", store, e);
      started.run();
    }
    return started;
  }

  /**
   * Waits for the answer. When the time is up, and when the transfer is stopped, the call is
   * interrupted after a grace and left alone after another one.
   *
   * @throws RefusedException saying what the store threw, or that it did not answer
   */
  public T join(Duration atMost, CancellationToken stop, Duration grace) throws RefusedException {
    try {
      return await(atMost, stop, grace);
    } catch (StoreCallException e) {
      throw new RefusedException(Failures.ofStore(store, e.getCause()));
    }
  }

  /**
   * The same, for those who ask what it was that was thrown.
   *
   * @throws StoreCallException with what the store threw as its cause
   */
  public T await(Duration atMost, CancellationToken stop, Duration grace)
      throws StoreCallException {
    Runnable wake = this::wake;
    stop.whenStopped(wake);
    try {
      return awaitDeadline(atMost, stop, grace);
    } finally {
      stop.forget(wake);
    }
  }

  private T awaitDeadline(Duration atMost, CancellationToken stop, Duration grace)
      throws StoreCallException {
    synchronized (lock) {
      long deadline = System.nanoTime() + atMost.toNanos();
      boolean hurried = false;
      boolean interrupted = false;
      while (result.isEmpty() && thrown.isEmpty()) {
        long now = System.nanoTime();
        if (stop.stopped() && !hurried) {
          hurried = true;
          deadline = Math.min(deadline, now + grace.toNanos());
        }
        if (deadline - now > 0) {
          sleepUntilWoken(deadline - now);
        } else if (interrupted) {
          abandoned = true;
          throw new StoreCallException(
              new StoreException(
                  StoreException.Kind.UNAVAILABLE,
                  "it did not answer within %d seconds.".formatted(atMost.toSeconds())));
        } else {
          LOG.warn("Store {} does not answer; the call is interrupted", store);
          interrupted = true;
          hurried = true;
          deadline = now + grace.toNanos();
          worker.ifPresent(Thread::interrupt);
        }
      }
      if (thrown.isPresent()) {
        throw new StoreCallException(thrown.get());
      }
      return result.orElseThrow();
    }
  }

  /** Whether somebody waited for it in vain: then it may still be at work. */
  public boolean abandoned() {
    synchronized (lock) {
      return abandoned;
    }
  }

  private void run() {
    synchronized (lock) {
      worker = Optional.of(Thread.currentThread());
    }
    Optional<T> value = Optional.empty();
    Optional<Throwable> trouble = Optional.empty();
    try {
      value = Optional.of(call.call());
    } catch (Throwable t) {
      trouble = Optional.of(t);
    }
    boolean late;
    synchronized (lock) {
      worker = Optional.empty();
      // An interrupt was for the call, not for who uses this thread next.
      boolean unused = Thread.interrupted();
      result = value;
      thrown = trouble;
      late = abandoned;
      lock.notifyAll();
    }
    if (late) {
      LOG.warn("Store {} answered when nobody waited any more", store);
      value.ifPresent(ifLate);
    }
  }

  private void wake() {
    synchronized (lock) {
      lock.notifyAll();
    }
  }

  private void sleepUntilWoken(long nanos) {
    try {
      TimeUnit.NANOSECONDS.timedWait(lock, nanos);
    } catch (InterruptedException e) {
      LOG.debug("Interrupted by somebody else while store {} was waited for", store);
    }
  }
}
