package dev.darkroom.transfer.call;

import dev.darkroom.concurrent.Futures;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.RefusedException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call of a store on a thread of its own, with a timeout. The first completion of one future
 * decides: the store's answer, or the exception of a waiter that abandons the call. An answer that
 * comes later goes to a clean-up, for example one that aborts the write that was opened.
 */
public final class StoreCall<T> {

  private static final Logger LOG = LoggerFactory.getLogger(StoreCall.class);

  private final String store;
  private final Callable<T> body;
  private final Consumer<T> ifLate;
  private final CompletableFuture<T> answer = new CompletableFuture<>();
  private final InterruptibleCall worker = new InterruptibleCall();
  private volatile boolean abandoned;

  private StoreCall(String store, Callable<T> body, Consumer<T> ifLate) {
    this.store = store;
    this.body = body;
    this.ifLate = ifLate;
  }

  /**
   * Starts a call; on the caller's thread when the executor gives none.
   *
   * @param threads runs each task at once, on a thread of its own
   * @param store the store's name, for messages
   * @param ifLate gets the result of an abandoned call, on the thread of the call
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
   * Waits for the answer. After the timeout the call is interrupted, and abandoned when it does not
   * return within the grace. After a cancellation the timeout is the grace, if that is shorter.
   *
   * @throws RefusedException with the failure that the store's exception maps to, or {@code
   *     StoreUnavailable} when the call is abandoned
   */
  public T join(Duration atMost, CancellationToken token, Duration grace) throws RefusedException {
    try {
      return await(atMost, token, grace);
    } catch (StoreCallException e) {
      throw new RefusedException(Failures.ofStore(store, e.getCause()));
    }
  }

  /**
   * Waits as {@link #join} does, and keeps the store's exception.
   *
   * @throws StoreCallException whose cause is what the store threw, or a {@link StoreException}
   *     when it did not answer in time
   */
  public T await(Duration atMost, CancellationToken token, Duration grace)
      throws StoreCallException {
    long deadline = System.nanoTime() + atMost.toNanos();
    CompletableFuture<Void> woken = answer.handle((value, thrown) -> null);
    try (CancellationToken.Registration unused = token.onCancel(() -> woken.complete(null))) {
      Futures.isDoneWithin(woken, atMost);
    }
    Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    if (!Futures.isDoneWithin(answer, left.compareTo(grace) < 0 ? left : grace)) {
      LOG.warn("Store {} does not answer; the call is interrupted", store);
      worker.interrupt();
      if (!Futures.isDoneWithin(answer, grace)) {
        abandoned = answer.completeExceptionally(unanswered(atMost));
      }
    }
    try {
      return answer.join();
    } catch (CompletionException e) {
      // The store passed on the interrupt.
      boolean timeout = e.getCause() instanceof InterruptedException;
      throw new StoreCallException(timeout ? unanswered(atMost) : e.getCause());
    }
  }

  /** Whether the waiter abandoned the call: then the store may still be at work. */
  public boolean abandoned() {
    return abandoned;
  }

  private static StoreException unanswered(Duration atMost) {
    return new StoreException(
        StoreException.Kind.UNAVAILABLE,
        "it did not answer within %d seconds.".formatted(atMost.toSeconds()));
  }

  private void run() {
    T value;
    try {
      value = worker.run(body::call);
    } catch (Throwable t) {
      if (!answer.completeExceptionally(t)) {
        LOG.warn("Store {}: a call failed after it was abandoned", store, t);
      }
      return;
    }
    if (!answer.complete(value)) {
      LOG.warn("Store {} answered after the call was abandoned", store);
      ifLate.accept(value);
    }
  }
}
