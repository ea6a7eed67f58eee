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
import dev.darkroom.transfer.model.TransferObserver.Recorder;
import dev.darkroom.transfer.model.TransferOptions;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.model.TransferStatus;
import dev.darkroom.transfer.pipeline.ProgressMeter;
import dev.darkroom.transfer.queue.TransferThreads;
import dev.darkroom.transfer.resume.TransferJournals;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transfers of this process: a queue, a limited number of slots, and the threads. No method but
 * {@link #close} blocks on bytes, so a reconciler may call them. Thread-safe.
 *
 * <p>A transfer has an id that its submitter chooses. It is known until {@link #forget}, also after
 * it has ended.
 */
public final class Transfers {

  private static final Logger LOG = LoggerFactory.getLogger(Transfers.class);

  private final TransferOptions options;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final TransferObserver observer;
  private final StoreTimeouts timeouts;
  private final Throttle throttle;
  private final TransferJournals journals;
  private final BufferPool buffers;
  private final IntakeTools intake;
  private final TransferThreads threads = new TransferThreads();
  private final ChangeNotifier notifier;
  private final TransferRegistry registry;

  /**
   * Starts without transfers.
   *
   * @param listener gets the id of a transfer whose stage changed, that ended, or whose bytes move;
   *     on a thread of its own, one call at a time
   */
  public Transfers(TransferOptions options, Consumer<String> listener) {
    this(options, listener, TransferObserver.none());
  }

  /** Starts without transfers, with an observer that is called synchronously. */
  public Transfers(TransferOptions options, Consumer<String> listener, TransferObserver observer) {
    this(
        options, listener, observer, StoreTimeouts.defaults(), Clock.systemUTC(), System::nanoTime);
  }

  /** Starts with other timeouts, and clocks for the time of day and for measurements. */
  Transfers(
      TransferOptions options,
      Consumer<String> listener,
      TransferObserver observer,
      StoreTimeouts timeouts,
      Clock clock,
      LongSupplier nanoTime) {
    this.options = options;
    this.observer = observer;
    this.timeouts = timeouts;
    this.registry = new TransferRegistry(options);
    this.journals = new TransferJournals(options.staging(), options.journalPartBytes());
    this.throttle = new Throttle(options.bytesPerSecond(), nanoTime);
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.intake =
        new IntakeTools(
            options.staging(),
            options.qemuImg(),
            options.inspection(),
            options.decode(),
            options.convert(),
            clock);
    this.buffers = new BufferPool(options.chunkBytes());
    this.notifier = new ChangeNotifier(listener, threads.notifier());
  }

  /**
   * Queues a transfer. Does nothing when the id is known, even of a transfer that has ended.
   *
   * @param logContext the context of its log lines (namespace, name, attempt)
   * @return whether the id is new
   * @throws IllegalStateException after {@link #close}
   */
  public boolean submit(String id, TransferRequest request, Map<String, String> logContext) {
    Transfer transfer =
        new Transfer(
            id,
            request,
            logContext,
            recorder ->
                new ProgressMeter(
                    clock,
                    nanoTime,
                    options.announceEvery(),
                    threads::schedule,
                    recorder,
                    () -> notifier.changed(id)));
    if (!registry.add(transfer)) {
      return false;
    }
    transfer.observedBy(observer.submitted(id, request, logContext));
    registry.enqueue(transfer);
    fillSlots();
    return true;
  }

  /** The status of a transfer now; empty when the id is not known. */
  public Optional<TransferStatus> status(String id) {
    return registry.status(id);
  }

  /**
   * Cancels a transfer, and returns at once. The outcome follows when the stores are clean: {@link
   * Outcome.Cancelled}, or an earlier outcome. A transfer that publishes is not cancelled any more.
   *
   * @return false when the id is not known or the transfer has ended
   */
  public boolean cancel(String id) {
    return cancel(id, Transfer::cancel);
  }

  /**
   * Cancels a transfer, and keeps its journal and its unfinished writes, where there is a staging
   * directory: the next submission of the id resumes. Calls after the first change nothing.
   *
   * @return false when the id is not known or the transfer has ended
   */
  public boolean suspend(String id) {
    return cancel(id, Transfer::suspend);
  }

  /**
   * Removes the journal and the unfinished writes of a transfer that is not submitted again.
   * Returns at once; does nothing while the transfer runs.
   */
  public void discard(String id) {
    List<Target> targets = registry.find(id).map(t -> t.request().targets()).orElse(List.of());
    threads.inBackground(
        () -> {
          if (registry.find(id).filter(transfer -> !transfer.ended()).isEmpty()) {
            discardJournal(id, targets);
          }
        });
  }

  /**
   * Removes the journals and the staged bytes of all transfers, except those with one of the ids
   * and those that are known here. To be called when all ids are known. Returns at once.
   */
  public void retain(Set<String> ids) {
    threads.inBackground(
        () -> {
          Set<String> keep = new HashSet<>(ids);
          keep.addAll(registry.ids());
          journals.retain(keep);
        });
  }

  /**
   * The tokens that {@link dev.darkroom.store.BlobStore#sweep(Set)} must keep in a store: those of
   * unfinished writes that a transfer can resume. Reads files.
   *
   * @param storeName the name of the store's targets
   * @return empty when the journals can't be read; then the store must not be swept
   */
  public Optional<Set<String>> tokensToKeep(String storeName) {
    return journals.tokensToKeep(storeName);
  }

  /**
   * Forgets a transfer that has ended, so that its id can be submitted again.
   *
   * @return false when the id is not known, or the transfer has not ended
   */
  public boolean forget(String id) {
    return registry.forget(id);
  }

  /**
   * Suspends every transfer, accepts no more, and waits until all have left the stores: clean,
   * except for what {@link #suspend} keeps.
   *
   * @param atMost how long to wait
   * @return whether all have; if not, their unfinished writes are swept at the next start
   * @throws InterruptedException when interrupted while waiting
   */
  public boolean close(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    registry.close().stream()
        .filter(transfer -> !transfer.ended())
        .forEach(transfer -> cancel(transfer, Transfer::suspend));
    boolean clean = registry.awaitIdle(deadline - System.nanoTime());
    if (clean) {
      // Otherwise the lock excludes other processes until this one has ended.
      journals.close();
    }
    boolean notified = threads.close(deadline - System.nanoTime());
    if (!clean || !notified) {
      LOG.warn("Transfers did not end within {}", atMost);
    }
    return clean;
  }

  /** Whether a transfer is cancelled, suspended or not known. */
  boolean isCancelled(String id) {
    return registry.find(id).map(Transfer::cancelled).orElse(true);
  }

  /** The buffers of all transfers. */
  BufferPool buffers() {
    return buffers;
  }

  private boolean cancel(String id, BiConsumer<Transfer, Executor> how) {
    Optional<Transfer> transfer = registry.find(id).filter(found -> !found.ended());
    transfer.ifPresent(found -> cancel(found, how));
    return transfer.isPresent();
  }

  private void cancel(Transfer transfer, BiConsumer<Transfer, Executor> how) {
    // The callbacks run in the background: to close a connection may take a while.
    Runnable beforeStart =
        () -> {
          how.accept(transfer, threads::inBackground);
          if (!transfer.suspended()) {
            List<Target> targets = transfer.request().targets();
            threads.inBackground(() -> discardJournal(transfer.id(), targets));
          }
          end(transfer, new Outcome.Cancelled());
        };
    if (!registry.ifNotStarted(transfer, beforeStart)) {
      how.accept(transfer, threads::inBackground);
    }
  }

  private void discardJournal(String id, List<Target> targets) {
    journals.of(id).ifPresent(journal -> journal.discard(targets, context(Recorder.NONE)));
  }

  private TransferContext context(Recorder recorder) {
    Chunks chunks = new Chunks(buffers, options.chunksInFlight());
    return new TransferContext(
        threads.workers(), chunks, timeouts, throttle, options.fetch(), nanoTime, recorder);
  }

  private void fillSlots() {
    for (Optional<Transfer> next = registry.next(); next.isPresent(); next = registry.next()) {
      start(next.get());
    }
  }

  private void start(Transfer transfer) {
    try {
      threads.workers().execute(() -> run(transfer));
    } catch (RuntimeException | OutOfMemoryError e) {
      end(transfer, new Outcome.Failed(Failures.of(e)));
      registry.ended(transfer);
    }
  }

  private void run(Transfer transfer) {
    Outcome outcome;
    try {
      outcome =
          transfer.run(
              context(transfer.recorder()), new SourceTools(journals.of(transfer.id()), intake));
    } catch (RuntimeException | Error e) {
      outcome = new Outcome.Failed(Failures.of(e));
    }
    end(transfer, outcome);
    registry.ended(transfer);
    fillSlots();
  }

  private void end(Transfer transfer, Outcome outcome) {
    transfer.end(outcome);
    notifier.changed(transfer.id());
  }
}
