package dev.darkroom.transfer.queue;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of all transfers of this process, as many as are asked for, and one that tells. */
public final class TransferThreads {

  private static final Logger LOG = LoggerFactory.getLogger(TransferThreads.class);

  private final ExecutorService workers = Executors.newCachedThreadPool(named("transfer-"));
  private final ExecutorService notifier =
      Executors.newSingleThreadExecutor(named("transfer-notifier-"));
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(named("transfer-timer-"));

  /** Those that do the work; rejects it after {@link #close}. */
  public Executor workers() {
    return workers;
  }

  /** The one that a listener is told by. */
  public ExecutorService notifier() {
    return notifier;
  }

  /** Has it done soon; or never, after {@link #close}. */
  public void inBackground(Runnable task) {
    try {
      workers.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("Closed before", e);
    }
  }

  /** Has what is quick done after so long; or never, after {@link #close}. */
  public void later(Runnable what, long afterNanos) {
    try {
      Future<?> unused = timer.schedule(what, afterNanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("Closed before", e);
    }
  }

  /**
   * Takes no more, and waits until the listener was told all.
   *
   * @param nanos how long at most
   * @return whether it was
   * @throws InterruptedException when interrupted while waiting
   */
  public boolean close(long nanos) throws InterruptedException {
    List<Runnable> unused = timer.shutdownNow();
    workers.shutdown();
    notifier.shutdown();
    return notifier.awaitTermination(Math.max(0, nanos), TimeUnit.NANOSECONDS);
  }

  /** Daemons: a store that hangs must not keep the process alive. */
  private static ThreadFactory named(String prefix) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
