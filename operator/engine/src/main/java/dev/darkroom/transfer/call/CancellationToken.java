package dev.darkroom.transfer.call;

import dev.darkroom.transfer.model.Outcome;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a transfer is told to stop: by anybody, from any thread, once. The first cause is the
 * outcome. Stopping wakes whoever blocks: a read by closing what it reads, a wait by interrupting
 * it. Nothing else is interrupted, because an interrupt closes file channels for good.
 */
public final class CancellationToken {

  private static final Logger LOG = LoggerFactory.getLogger(CancellationToken.class);

  /** Something that blocks and gives up when it is interrupted. */
  @FunctionalInterface
  public interface Wait<T, E extends Exception> {
    T call() throws E, InterruptedException;
  }

  private final Object lock = new Object();
  private final Set<Thread> waiting = new HashSet<>();
  private final Set<Runnable> actions = new LinkedHashSet<>();
  private Optional<Outcome> outcome = Optional.empty();
  private boolean tooLate;
  private boolean keep;

  /** One that stops with this one, but can be stopped by itself. */
  public CancellationToken child() {
    CancellationToken child = new CancellationToken();
    whenStopped(
        () -> {
          boolean unused = child.stop(outcome().orElseThrow());
        });
    return child;
  }

  /**
   * Stops the transfer, if nothing has stopped it and it is not published yet.
   *
   * @return whether this was the cause
   */
  public boolean stop(Outcome cause) {
    List<Runnable> due;
    synchronized (lock) {
      if (tooLate || outcome.isPresent()) {
        return false;
      }
      outcome = Optional.of(cause);
      waiting.forEach(Thread::interrupt);
      due = List.copyOf(actions);
      actions.clear();
    }
    due.forEach(CancellationToken::run);
    return true;
  }

  /** Stops it like a cancellation, but what was brought is to be kept. */
  public boolean suspend() {
    synchronized (lock) {
      keep = outcome.isEmpty() && !tooLate;
    }
    return stop(new Outcome.Cancelled());
  }

  /** Whether what was brought is to be kept although it was stopped. */
  public boolean suspended() {
    synchronized (lock) {
      return keep;
    }
  }

  /** Why it stopped, if it did. */
  public Optional<Outcome> outcome() {
    synchronized (lock) {
      return outcome;
    }
  }

  public boolean stopped() {
    return outcome().isPresent();
  }

  /**
   * From here on it can't be stopped.
   *
   * @throws InterruptedException when it was stopped before
   */
  public void passPointOfNoReturn() throws InterruptedException {
    synchronized (lock) {
      requireNotStopped();
      tooLate = true;
    }
  }

  /** Has the action run at the stop, by the thread that stops; now, if that has been. */
  public void whenStopped(Runnable action) {
    synchronized (lock) {
      if (outcome.isEmpty()) {
        actions.add(action);
        return;
      }
    }
    run(action);
  }

  /** Takes back what was to be done at the stop. */
  void forget(Runnable action) {
    synchronized (lock) {
      actions.remove(action);
    }
  }

  /**
   * Blocks in the call, and no longer than until the stop. The caller's thread enters and leaves
   * with its interrupt flag down: what somebody else's code left there means nothing here, and
   * clean-up must be able to use file channels.
   *
   * @throws InterruptedException when it was stopped
   */
  public <T, E extends Exception> T interruptibly(Wait<T, E> wait) throws E, InterruptedException {
    Thread self = Thread.currentThread();
    synchronized (lock) {
      requireNotStopped();
      clearInterrupt();
      waiting.add(self);
    }
    try {
      return wait.call();
    } finally {
      synchronized (lock) {
        waiting.remove(self);
        clearInterrupt();
      }
    }
  }

  /**
   * Goes on, if it may.
   *
   * @throws InterruptedException when it was stopped
   */
  public void requireNotStopped() throws InterruptedException {
    if (stopped()) {
      throw new InterruptedException("the transfer was stopped");
    }
  }

  private static void clearInterrupt() {
    boolean unused = Thread.interrupted();
  }

  private static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      LOG.warn("What was to be done at the stop of a transfer failed", e);
    }
  }
}
