package dev.darkroom.transfer.queue;

import dev.darkroom.concurrent.DaemonThreads;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of all transfers of this process: workers without a limit, one thread for the
 * listener, one for timers. Thread-safe.
 */
public final class TransferThreads {

  private static final Logger LOG = LoggerFactory.getLogger(TransferThreads.class);

  private final ExecutorService workers =
      Executors.newCachedThreadPool(DaemonThreads.named("transfer-"));
  private final ExecutorService notifier =
      Executors.newSingleThreadExecutor(DaemonThreads.named("transfer-notifier-"));
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("transfer-timer-"));

  /** The workers; rejects tasks after {@link #close}. */
  public Executor workers() {
    return workers;
  }

  /** The single thread that calls the listener. */
  public ExecutorService notifier() {
    return notifier;
  }

  /** Runs the task on a worker; drops it after {@link #close}. */
  public void inBackground(Runnable task) {
    try {
      workers.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("Closed: the task is dropped", e);
    }
  }

  /** Runs a quick task after so many nanoseconds; drops it after {@link #close}. */
  public void schedule(Runnable task, long afterNanos) {
    try {
      Future<?> unused = timer.schedule(task, afterNanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("Closed: the task is dropped", e);
    }
  }

  /**
   * Accepts no more tasks, and waits until the listener has been called for all changes.
   *
   * @param nanos how long to wait at most
   * @return whether it has
   * @throws InterruptedException when interrupted while waiting
   */
  public boolean close(long nanos) throws InterruptedException {
    List<Runnable> unused = timer.shutdownNow();
    workers.shutdown();
    notifier.shutdown();
    return notifier.awaitTermination(Math.max(0, nanos), TimeUnit.NANOSECONDS);
  }
}
