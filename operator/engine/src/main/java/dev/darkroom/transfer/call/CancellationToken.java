package dev.darkroom.transfer.call;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.concurrent.Futures;
import dev.darkroom.transfer.model.Outcome;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels a transfer; thread-safe. The first cause wins and is the outcome. A suspension is a
 * cancellation that keeps the journal and the unfinished writes. After the point of no return
 * nothing cancels.
 *
 * <p>Cancellation completes every {@link #await}, interrupts every {@link #callInterruptibly} and
 * runs every callback of {@link #onCancel}, for example one that closes a connection. An interrupt
 * of the thread, which a source or a store may leave behind, ends no wait.
 */
public final class CancellationToken {

  private static final Logger LOG = LoggerFactory.getLogger(CancellationToken.class);

  /** A registered callback. */
  public interface Registration extends AutoCloseable {
    /** Removes the callback; does nothing when it has run. */
    @Override
    void close();
  }

  private final Object lock = new Object();
  private final CompletableFuture<Void> cancellation = new CompletableFuture<>();

  @GuardedBy("lock")
  private final Set<Runnable> callbacks = new LinkedHashSet<>();

  @GuardedBy("lock")
  private Optional<Outcome> outcome = Optional.empty();

  @GuardedBy("lock")
  private boolean suspended;

  @GuardedBy("lock")
  private boolean published;

  /** A token that is cancelled with this one, and can be cancelled without it. */
  public CancellationToken child() {
    CancellationToken child = new CancellationToken();
    Registration unused = onCancel(() -> child.cancel(outcome().orElseThrow()));
    return child;
  }

  /**
   * Cancels, and runs the callbacks on the caller's thread, which may take as long as it takes to
   * close a connection.
   *
   * @return whether this is the first cause, before the point of no return
   */
  public boolean cancel(Outcome cause) {
    return cancel(cause, Runnable::run);
  }

  /** Cancels, and returns at once: the callbacks run on the executor. */
  public boolean cancel(Outcome cause, Executor executor) {
    return cancel(cause, false, executor);
  }

  /**
   * Cancels, keeps the journal and the unfinished writes, and returns at once: the callbacks run on
   * the executor. Changes nothing when there is a cause already, be it a suspension or not.
   *
   * @return whether this is the first cause, before the point of no return
   */
  public boolean suspend(Executor executor) {
    return cancel(new Outcome.Cancelled(), true, executor);
  }

  /** Whether the cause is a suspension. */
  public boolean suspended() {
    synchronized (lock) {
      return suspended;
    }
  }

  /** The first cause; empty while there is none. */
  public Optional<Outcome> outcome() {
    synchronized (lock) {
      return outcome;
    }
  }

  /** Whether there is a cause. */
  public boolean cancelled() {
    return outcome().isPresent();
  }

  /**
   * Rules out every later cancellation.
   *
   * @throws InterruptedException when there is a cause already
   */
  public void passPointOfNoReturn() throws InterruptedException {
    synchronized (lock) {
      throwIfCancelled();
      published = true;
    }
  }

  /**
   * Registers a callback, which runs once, on the thread that cancels; at once, on the caller's
   * thread, when there is a cause already. Exceptions of a callback are logged.
   */
  public Registration onCancel(Runnable callback) {
    synchronized (lock) {
      if (outcome.isEmpty()) {
        // A set of its own objects: a callback that is registered twice runs twice.
        Runnable entry = () -> run(callback);
        callbacks.add(entry);
        return () -> unregister(entry);
      }
    }
    run(callback);
    return () -> {};
  }

  /**
   * Waits for the future, a limited time.
   *
   * @return whether the future is complete, be it with an exception; false when the time is over
   * @throws InterruptedException when there is a cause, or comes one meanwhile
   */
  public boolean await(CompletableFuture<?> future, Duration atMost) throws InterruptedException {
    throwIfCancelled();
    if (future.isDone()) {
      return true;
    }
    CompletableFuture<Object> any = CompletableFuture.anyOf(future, cancellation);
    if (!Futures.isDoneWithin(any, atMost)) {
      // Both futures drop a dependent that is complete.
      any.cancel(false);
    }
    throwIfCancelled();
    return future.isDone();
  }

  /**
   * Waits for a time.
   *
   * @throws InterruptedException when there is a cause, or comes one meanwhile
   */
  public void pause(Duration time) throws InterruptedException {
    Futures.isDoneWithin(cancellation, time);
    throwIfCancelled();
  }

  /**
   * Runs a call that only an interrupt ends; cancellation interrupts it, see {@link
   * InterruptibleCall}.
   *
   * @throws InterruptedException when there is a cause, or the call throws it
   */
  public <T, E extends Exception> T callInterruptibly(InterruptibleCall.Body<T, E> body)
      throws E, InterruptedException {
    InterruptibleCall call = new InterruptibleCall();
    try (Registration unused = onCancel(call::interrupt)) {
      return call.run(body);
    }
  }

  /**
   * Checks that there is no cause.
   *
   * @throws InterruptedException when there is one
   */
  public void throwIfCancelled() throws InterruptedException {
    if (cancelled()) {
      throw new InterruptedException("the transfer was cancelled");
    }
  }

  private boolean cancel(Outcome cause, boolean suspend, Executor executor) {
    List<Runnable> due;
    synchronized (lock) {
      if (published || outcome.isPresent()) {
        return false;
      }
      outcome = Optional.of(cause);
      suspended = suspend;
      due = List.copyOf(callbacks);
      callbacks.clear();
    }
    cancellation.complete(null);
    executor.execute(() -> due.forEach(Runnable::run));
    return true;
  }

  private void unregister(Runnable entry) {
    synchronized (lock) {
      callbacks.remove(entry);
    }
  }

  private static void run(Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException | Error e) {
      LOG.warn("A callback of a cancelled transfer failed", e);
    }
  }
}
