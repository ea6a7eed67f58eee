package dev.darkroom.concurrent;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for futures where an interrupt must not end the wait. */
public final class Futures {

  private Futures() {}

  /**
   * Waits until the future is complete, be it with an exception, or the time is over. An interrupt
   * does not end the wait; its flag is set again at the end.
   *
   * @return whether the future is complete
   */
  public static boolean isDoneWithin(CompletableFuture<?> future, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    boolean interrupted = false;
    try {
      while (!future.isDone()) {
        try {
          future.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (TimeoutException e) {
          return future.isDone();
        } catch (ExecutionException e) {
          return true;
        }
      }
      return true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
