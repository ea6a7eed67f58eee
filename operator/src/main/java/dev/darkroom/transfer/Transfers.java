package dev.darkroom.transfer;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All transfers of this process: a queue, a bounded number of slots, and the threads. Nothing here
 * blocks on bytes, so a reconciler may call any method but {@link #close}. Safe for use by many
 * threads.
 *
 * <p>A transfer is known by an id that its submitter chooses. It stays known after it has ended,
 * until it is forgotten.
 */
public final class Transfers {

  private static final Logger LOG = LoggerFactory.getLogger(Transfers.class);

  private final TransferOptions options;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final BufferPool buffers;
  private final ExecutorService threads = Executors.newCachedThreadPool(named("transfer-"));
  private final ExecutorService notifierThread =
      Executors.newSingleThreadExecutor(named("transfer-notifier-"));
  private final Notifier notifier;

  private final Object lock = new Object();
  private final Map<String, Submission> known = new HashMap<>();
  private final Deque<Submission> waiting = new ArrayDeque<>();
  private int running;
  private boolean closed;

  /**
   * Starts with nothing to do.
   *
   * @param listener hears the id of a transfer whose stage changed, that ended, or whose bytes
   *     move; on a thread that does nothing else, and never twice at the same time
   */
  public Transfers(TransferOptions options, Consumer<String> listener) {
    this(options, listener, Clock.systemUTC(), System::nanoTime);
  }

  /** The same with other clocks: one that tells the time, one that measures it. */
  Transfers(
      TransferOptions options, Consumer<String> listener, Clock clock, LongSupplier nanoTime) {
    this.options = options;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.buffers = new BufferPool(options.chunkBytes());
    this.notifier = new Notifier(listener, notifierThread);
  }

  /**
   * Queues a transfer, first come first served. Does nothing when the id is known, even of one that
   * has ended.
   *
   * @param logContext what its log lines carry (namespace, name, attempt)
   * @return whether it is new
   * @throws IllegalStateException after {@link #close}
   */
  public boolean submit(String id, TransferRequest request, Map<String, String> logContext) {
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException("transfers are closed");
      }
      if (known.containsKey(id)) {
        return false;
      }
      Meter meter = new Meter(clock, nanoTime, options.announceEvery(), () -> notifier.changed(id));
      Submission submission = new Submission(id, request, logContext, meter);
      known.put(id, submission);
      waiting.add(submission);
      fillSlots();
      return true;
    }
  }

  /** How a transfer is now; empty when the id is not known. */
  public Optional<TransferStatus> status(String id) {
    return find(id).map(Submission::status);
  }

  /**
   * Has a transfer stop, and returns at once. Its outcome comes later, when the stores are clean:
   * {@link Outcome.Cancelled}, or how it ended if that came first. Once a transfer publishes, it is
   * not stopped any more.
   *
   * @return false when the id is not known or the transfer has ended
   */
  public boolean cancel(String id) {
    Optional<Submission> submission = find(id).filter(found -> !found.ended());
    submission.ifPresent(this::cancel);
    return submission.isPresent();
  }

  /**
   * Forgets a transfer that has ended, so that its id may be used again.
   *
   * @return false when the id is not known, or the transfer has not ended
   */
  public boolean forget(String id) {
    synchronized (lock) {
      Submission submission = known.get(id);
      return submission != null && submission.ended() && known.remove(id, submission);
    }
  }

  /**
   * Cancels every transfer, takes no more, and waits until all have left the stores clean.
   *
   * @param atMost how long to wait
   * @return whether all have; if not, what they left behind is swept at the next start
   * @throws InterruptedException when interrupted while waiting
   */
  public boolean close(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    List<Submission> all;
    synchronized (lock) {
      closed = true;
      all = List.copyOf(known.values());
    }
    all.stream().filter(submission -> !submission.ended()).forEach(this::cancel);
    boolean clean = awaitIdle(deadline);
    threads.shutdown();
    notifierThread.shutdown();
    boolean told =
        notifierThread.awaitTermination(
            Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    if (!clean || !told) {
      LOG.warn("Transfers did not come to an end within {}", atMost);
    }
    return clean;
  }

  /** How many buffers there are for all transfers together, in use or idle. */
  int buffersAllocated() {
    return buffers.allocated();
  }

  /** How many of them no transfer uses now. */
  int buffersIdle() {
    return buffers.idle();
  }

  private Optional<Submission> find(String id) {
    synchronized (lock) {
      return Optional.ofNullable(known.get(id));
    }
  }

  private void cancel(Submission submission) {
    boolean waited;
    synchronized (lock) {
      waited = waiting.remove(submission);
    }
    if (waited) {
      end(submission, new Outcome.Cancelled());
    } else {
      // On a thread of ours: to close a connection may take a while.
      try {
        threads.execute(submission::cancel);
      } catch (RejectedExecutionException e) {
        LOG.debug("{} was cancelled by the close before", submission.id());
      }
    }
  }

  /** Starts what may run. Which one is next is decided here, and only here. */
  private void fillSlots() {
    synchronized (lock) {
      while (!closed && running < options.slots() && !waiting.isEmpty()) {
        Submission next = waiting.remove();
        running++;
        try {
          threads.execute(() -> run(next));
        } catch (RuntimeException | OutOfMemoryError e) {
          running--;
          end(next, new Outcome.Failed(Failures.of(e)));
        }
      }
    }
  }

  private void run(Submission submission) {
    Outcome outcome;
    try {
      Chunks chunks = new Chunks(buffers, options.chunksInFlight());
      outcome = submission.run(threads, chunks, nanoTime);
    } catch (RuntimeException | Error e) {
      outcome = new Outcome.Failed(Failures.of(e));
    }
    end(submission, outcome);
    synchronized (lock) {
      running--;
      lock.notifyAll();
    }
    fillSlots();
  }

  private void end(Submission submission, Outcome outcome) {
    submission.end(outcome);
    notifier.changed(submission.id());
  }

  private boolean awaitIdle(long deadline) throws InterruptedException {
    synchronized (lock) {
      while (running > 0) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(lock, left);
      }
      return true;
    }
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
