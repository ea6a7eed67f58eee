package dev.darkroom.transfer.call;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Optional;

/**
 * One blocking call of code that is not ours and that only an interrupt ends: the opening of a
 * source, qemu-img, a method of a store. This class is the only one of the transfer packages that
 * interrupts a thread; every other wait is on a future.
 *
 * <p>The interrupt reaches the call and nothing else. It is sent under the lock that the call's end
 * needs, so the thread never runs its next task when it comes. The thread has no interrupt flag
 * when {@link #run} returns: clean-up that follows can use file channels, which an interrupt
 * closes. Runs once. Thread-safe.
 */
public final class InterruptibleCall {

  /** A call that blocks, and ends when its thread is interrupted. */
  @FunctionalInterface
  public interface Body<T, E extends Exception> {
    /** Blocks until there is a result. */
    T call() throws E, InterruptedException;
  }

  private final Object lock = new Object();

  @GuardedBy("lock")
  private Optional<Thread> thread = Optional.empty();

  @GuardedBy("lock")
  private boolean interrupted;

  /**
   * Runs the call on the caller's thread.
   *
   * @throws InterruptedException when {@link #interrupt} came first, or the call throws it
   */
  public <T, E extends Exception> T run(Body<T, E> body) throws E, InterruptedException {
    synchronized (lock) {
      if (interrupted) {
        throw new InterruptedException("interrupted before the call began");
      }
      thread = Optional.of(Thread.currentThread());
    }
    try {
      return body.call();
    } finally {
      synchronized (lock) {
        thread = Optional.empty();
        // Ours, or one that the call itself has left.
        boolean unused = Thread.interrupted();
      }
    }
  }

  /** Interrupts the call while it runs; keeps it from beginning if it has not begun. */
  public void interrupt() {
    synchronized (lock) {
      interrupted = true;
      if (thread.isPresent()) {
        thread.get().interrupt();
      }
    }
  }
}
