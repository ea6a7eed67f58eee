package dev.darkroom.transfer;

import dev.darkroom.transfer.call.ChangeNotifier;
import dev.darkroom.transfer.call.StoreTimeouts;
import dev.darkroom.transfer.call.Throttle;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.intake.IntakeTools;
import dev.darkroom.transfer.memory.BufferPool;
import dev.darkroom.transfer.memory.Chunks;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferObserver;
import dev.darkroom.transfer.model.TransferObserver.Journey;
import dev.darkroom.transfer.model.TransferOptions;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.model.TransferStatus;
import dev.darkroom.transfer.pipeline.ProgressMeter;
import dev.darkroom.transfer.queue.TransferQueue;
import dev.darkroom.transfer.queue.TransferThreads;
import dev.darkroom.transfer.resume.TransferJournals;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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
  private final TransferObserver observer;
  private final StoreTimeouts patience;
  private final Throttle throttle;
  private final TransferJournals journals;
  private final BufferPool buffers;
  private final IntakeTools intake;
  private final TransferThreads threads = new TransferThreads();
  private final ChangeNotifier notifier;

  private final Object lock = new Object();
  private final Map<String, Transfer> known = new HashMap<>();
  private final TransferQueue<Transfer> line;
  private boolean closed;

  /**
   * Starts with nothing to do.
   *
   * @param listener hears the id of a transfer whose stage changed, that ended, or whose bytes
   *     move; on a thread that does nothing else, and never twice at the same time
   */
  public Transfers(TransferOptions options, Consumer<String> listener) {
    this(options, listener, TransferObserver.none());
  }

  /** The same, with somebody else who hears of everything at the very moment it happens. */
  public Transfers(TransferOptions options, Consumer<String> listener, TransferObserver observer) {
    this(
        options, listener, observer, StoreTimeouts.defaults(), Clock.systemUTC(), System::nanoTime);
  }

  /** The same with other clocks: one that tells the time, one that measures it. */
  Transfers(
      TransferOptions options, Consumer<String> listener, Clock clock, LongSupplier nanoTime) {
    this(options, listener, TransferObserver.none(), StoreTimeouts.defaults(), clock, nanoTime);
  }

  /** The same with another patience. */
  Transfers(
      TransferOptions options,
      Consumer<String> listener,
      TransferObserver observer,
      StoreTimeouts patience,
      Clock clock,
      LongSupplier nanoTime) {
    this.options = options;
    this.observer = observer;
    this.patience = patience;
    this.line = new TransferQueue<>(options);
    this.journals = new TransferJournals(options.staging(), options.journalPartBytes());
    this.throttle = new Throttle(options.bytesPerSecond(), nanoTime);
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.intake =
        new IntakeTools(
            options.staging(), options.qemuImg(), options.decode(), options.convert(), clock);
    this.buffers = new BufferPool(options.chunkBytes());
    this.notifier = new ChangeNotifier(listener, threads.notifier());
  }

  /**
   * Queues a transfer. Does nothing when the id is known, even of one that has ended.
   *
   * @param logContext what its log lines carry (namespace, name, attempt)
   * @return whether it is new
   * @throws IllegalStateException after {@link #close}
   */
  public boolean submit(String id, TransferRequest request, Map<String, String> logContext) {
    Transfer submission =
        new Transfer(
            id,
            request,
            logContext,
            journey ->
                new ProgressMeter(
                    clock,
                    nanoTime,
                    options.announceEvery(),
                    threads::later,
                    journey,
                    () -> notifier.changed(id)));
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException("transfers are closed");
      }
      if (known.putIfAbsent(id, submission) != null) {
        return false;
      }
    }
    submission.observedBy(observer.submitted(id, request, logContext));
    synchronized (lock) {
      if (!submission.ended()) {
        line.add(submission);
        fillSlots();
      }
    }
    return true;
  }

  /** How a transfer is now; empty when the id is not known. */
  public Optional<TransferStatus> status(String id) {
    synchronized (lock) {
      return Optional.ofNullable(known.get(id)).map(found -> found.status(line.place(found)));
    }
  }

  /**
   * Has a transfer stop, and returns at once. Its outcome comes later, when the stores are clean:
   * {@link Outcome.Cancelled}, or how it ended if that came first. Once a transfer publishes, it is
   * not stopped any more.
   *
   * @return false when the id is not known or the transfer has ended
   */
  public boolean cancel(String id) {
    return stop(id, Transfer::cancel);
  }

  /**
   * The same, but what it has brought so far is kept, where there is a staging directory: who
   * submits it again goes on there.
   *
   * @return false when the id is not known or the transfer has ended
   */
  public boolean suspend(String id) {
    return stop(id, Transfer::suspend);
  }

  /**
   * Removes what was kept to go on with by a transfer that shall not be submitted again. Returns at
   * once; does nothing while it runs.
   */
  public void discard(String id) {
    List<Target> targets = find(id).map(found -> found.request().targets()).orElse(List.of());
    threads.inBackground(
        () -> {
          if (find(id).filter(found -> !found.ended()).isEmpty()) {
            journals
                .of(id)
                .ifPresent(journal -> journal.discard(targets, context(Journey.UNOBSERVED)));
          }
        });
  }

  /**
   * Removes what was kept of transfers that nobody will submit again: all but those of the ids, and
   * those that are known here. To be called when all ids are known that there are. Returns at once.
   */
  public void retain(Set<String> ids) {
    threads.inBackground(
        () -> {
          Set<String> keep = new HashSet<>(ids);
          synchronized (lock) {
            keep.addAll(known.keySet());
          }
          journals.retain(keep);
        });
  }

  /**
   * What {@link dev.darkroom.store.BlobStore#sweep(Set)} must leave in a store: the unfinished
   * writes that may be gone on with. Reads files.
   *
   * @param storeName the name of its targets
   * @return empty when that can't be told; then it must not be swept
   */
  public Optional<Set<String>> tokensToKeep(String storeName) {
    return journals.tokensToKeep(storeName);
  }

  /**
   * Forgets a transfer that has ended, so that its id may be used again.
   *
   * @return false when the id is not known, or the transfer has not ended
   */
  public boolean forget(String id) {
    synchronized (lock) {
      Transfer submission = known.get(id);
      return submission != null && submission.ended() && known.remove(id, submission);
    }
  }

  /**
   * Suspends every transfer, takes no more, and waits until all have left the stores: clean, but
   * for what is kept to go on with where there is a staging directory.
   *
   * @param atMost how long to wait
   * @return whether all have; if not, what they left behind is swept at the next start
   * @throws InterruptedException when interrupted while waiting
   */
  public boolean close(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    List<Transfer> all;
    synchronized (lock) {
      closed = true;
      all = List.copyOf(known.values());
    }
    all.stream()
        .filter(submission -> !submission.ended())
        .forEach(submission -> stop(submission, Transfer::suspend));
    boolean clean = awaitIdle(deadline);
    if (clean) {
      // Else its lock keeps others out until this process has ended.
      journals.close();
    }
    boolean told = threads.close(deadline - System.nanoTime());
    if (!clean || !told) {
      LOG.warn("Transfers did not come to an end within {}", atMost);
    }
    return clean;
  }

  /** Whether a transfer was told to stop. */
  boolean isStopping(String id) {
    return find(id).map(Transfer::stopping).orElse(true);
  }

  /** How many buffers there are for all transfers together, in use or idle. */
  int buffersAllocated() {
    return buffers.allocated();
  }

  /** How many of them no transfer uses now. */
  int buffersIdle() {
    return buffers.idle();
  }

  private Optional<Transfer> find(String id) {
    synchronized (lock) {
      return Optional.ofNullable(known.get(id));
    }
  }

  private boolean stop(String id, Consumer<Transfer> how) {
    Optional<Transfer> submission = find(id).filter(found -> !found.ended());
    submission.ifPresent(found -> stop(found, how));
    return submission.isPresent();
  }

  private void stop(Transfer submission, Consumer<Transfer> how) {
    synchronized (lock) {
      if (!submission.started()) {
        boolean unused = line.remove(submission);
        how.accept(submission);
        if (!submission.suspended()) {
          threads.inBackground(
              () ->
                  journals
                      .of(submission.id())
                      .ifPresent(
                          journal ->
                              journal.discard(
                                  submission.request().targets(), context(Journey.UNOBSERVED))));
        }
        end(submission, new Outcome.Cancelled());
        return;
      }
    }
    // On a thread of ours: to close a connection may take a while.
    threads.inBackground(() -> how.accept(submission));
  }

  private TransferContext context(Journey journey) {
    Chunks chunks = new Chunks(buffers, options.chunksInFlight());
    return new TransferContext(
        threads.workers(), chunks, patience, throttle, options.fetch(), nanoTime, journey);
  }

  /** Starts what may run. */
  private void fillSlots() {
    synchronized (lock) {
      Optional<Transfer> next = closed ? Optional.empty() : line.next();
      while (next.isPresent()) {
        start(next.get());
        next = line.next();
      }
    }
  }

  private void start(Transfer submission) {
    submission.start();
    try {
      threads.workers().execute(() -> run(submission));
    } catch (RuntimeException | OutOfMemoryError e) {
      line.ended(submission);
      end(submission, new Outcome.Failed(Failures.of(e)));
    }
  }

  private void run(Transfer submission) {
    Outcome outcome;
    try {
      outcome =
          submission.run(
              context(submission.journey()), new SourceTools(journals.of(submission.id()), intake));
    } catch (RuntimeException | Error e) {
      outcome = new Outcome.Failed(Failures.of(e));
    }
    end(submission, outcome);
    synchronized (lock) {
      line.ended(submission);
      lock.notifyAll();
      fillSlots();
    }
  }

  private void end(Transfer submission, Outcome outcome) {
    submission.end(outcome);
    notifier.changed(submission.id());
  }

  private boolean awaitIdle(long deadline) throws InterruptedException {
    synchronized (lock) {
      while (line.running() > 0) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(lock, left);
      }
      return true;
    }
  }
}
