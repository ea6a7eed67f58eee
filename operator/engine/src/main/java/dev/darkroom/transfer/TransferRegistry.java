package dev.darkroom.transfer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.transfer.model.TransferOptions;
import dev.darkroom.transfer.model.TransferStatus;
import dev.darkroom.transfer.queue.TransferQueue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The transfers of this process by their id, and the queue of those that wait. Thread-safe. */
final class TransferRegistry {

  private final Object lock = new Object();

  /** Complete when no transfer runs, and none starts any more. */
  private final CompletableFuture<Void> idle = new CompletableFuture<>();

  @GuardedBy("lock")
  private final Map<String, Transfer> known = new HashMap<>();

  @GuardedBy("lock")
  private final TransferQueue<Transfer> queue;

  @GuardedBy("lock")
  private boolean closed;

  TransferRegistry(TransferOptions options) {
    this.queue = new TransferQueue<>(options);
  }

  /**
   * Registers a transfer, which is not queued yet.
   *
   * @return false when the id is known
   * @throws IllegalStateException after {@link #close}
   */
  boolean add(Transfer transfer) {
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException("transfers are closed");
      }
      return known.putIfAbsent(transfer.id(), transfer) == null;
    }
  }

  /** Queues a registered transfer, unless it was cancelled since. */
  void enqueue(Transfer transfer) {
    synchronized (lock) {
      if (!transfer.ended()) {
        queue.add(transfer);
      }
    }
  }

  /** Takes the next transfer that may start; it has a slot until {@link #ended}. */
  Optional<Transfer> next() {
    synchronized (lock) {
      Optional<Transfer> next = closed ? Optional.empty() : queue.next();
      next.ifPresent(Transfer::start);
      return next;
    }
  }

  /** Frees the slot of a transfer. */
  void ended(Transfer transfer) {
    synchronized (lock) {
      queue.ended(transfer);
      completeIdle();
    }
  }

  /**
   * Takes a transfer that has not started out of the queue and runs the task, so that it can't
   * start meanwhile.
   *
   * @return false when it has started; then the task is not run
   */
  boolean ifNotStarted(Transfer transfer, Runnable task) {
    synchronized (lock) {
      if (transfer.started()) {
        return false;
      }
      boolean unused = queue.remove(transfer);
      task.run();
      return true;
    }
  }

  Optional<Transfer> find(String id) {
    synchronized (lock) {
      return Optional.ofNullable(known.get(id));
    }
  }

  Optional<TransferStatus> status(String id) {
    synchronized (lock) {
      Transfer transfer = known.get(id);
      return transfer == null
          ? Optional.empty()
          : Optional.of(transfer.status(queue.place(transfer)));
    }
  }

  /** Forgets a transfer that has ended; whether there was one. */
  boolean forget(String id) {
    synchronized (lock) {
      Transfer transfer = known.get(id);
      return transfer != null && transfer.ended() && known.remove(id, transfer);
    }
  }

  Set<String> ids() {
    synchronized (lock) {
      return Set.copyOf(known.keySet());
    }
  }

  /** Registers and starts no more transfers; returns all that are known. */
  List<Transfer> close() {
    synchronized (lock) {
      closed = true;
      completeIdle();
      return List.copyOf(known.values());
    }
  }

  /**
   * Waits until no transfer runs; after {@link #close}.
   *
   * @return false when the time is over
   * @throws InterruptedException when interrupted while waiting
   */
  boolean awaitIdle(long nanos) throws InterruptedException {
    try {
      idle.get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("the future has no exception", e);
    }
  }

  @GuardedBy("lock")
  private void completeIdle() {
    if (closed && queue.running() == 0) {
      idle.complete(null);
    }
  }
}
