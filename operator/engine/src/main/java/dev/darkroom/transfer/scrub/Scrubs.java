package dev.darkroom.transfer.scrub;

import dev.darkroom.source.fetch.FetchOptions;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.ChangeNotifier;
import dev.darkroom.transfer.call.StoreTimeouts;
import dev.darkroom.transfer.call.Throttle;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.memory.BufferPool;
import dev.darkroom.transfer.memory.Chunks;
import dev.darkroom.transfer.model.CopyHealth;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * All scrubs of this process: copies that are read again, slowly, to see whether they are still
 * what was verified. First come, first served, but one copy of each store at a time, so that a
 * store that hangs hangs nobody else. Nothing here blocks on bytes, so a reconciler may call any
 * method but {@link #close}. Safe for use by many threads.
 *
 * <p>A scrub is known by an id that its submitter chooses. It stays known after it has ended, until
 * it is forgotten.
 */
public final class Scrubs {

  private static final Logger LOG = LoggerFactory.getLogger(Scrubs.class);

  private final ScrubOptions options;
  private final StoreTimeouts patience;
  private final BufferPool buffers;
  private final Throttle throttle;
  private final ScrubPositions positions;
  private final ExecutorService slots = Executors.newCachedThreadPool(named("scrub-"));
  private final ExecutorService threads = Executors.newCachedThreadPool(named("scrub-store-"));
  private final ExecutorService notifierThread =
      Executors.newSingleThreadExecutor(named("scrub-notifier-"));
  private final ChangeNotifier notifier;

  private final Object lock = new Object();
  private final Map<String, Entry> known = new HashMap<>();
  private final Deque<Entry> waiting = new ArrayDeque<>();
  private final Set<String> busyStores = new HashSet<>();
  private boolean closed;

  private static final class Entry {

    private final String id;
    private final ScrubRequest request;
    private final Map<String, String> logContext;
    private final CopyScrub scrub;
    private final CancellationToken stop;
    private volatile ScrubStatus.State state = ScrubStatus.State.QUEUED;
    private volatile Optional<CopyHealth> health = Optional.empty();

    Entry(
        String id,
        ScrubRequest request,
        Map<String, String> logContext,
        CopyScrub scrub,
        CancellationToken stop) {
      this.id = id;
      this.request = request;
      this.logContext = Map.copyOf(logContext);
      this.scrub = scrub;
      this.stop = stop;
    }

    String store() {
      return request.target().name();
    }

    boolean ended() {
      return state == ScrubStatus.State.DONE || state == ScrubStatus.State.CANCELLED;
    }
  }

  /**
   * Starts with nothing to do.
   *
   * @param listener hears the id of a scrub that ended; on a thread that does nothing else, and
   *     never twice at the same time
   */
  public Scrubs(ScrubOptions options, Consumer<String> listener) {
    this(options, listener, StoreTimeouts.defaults());
  }

  /** The same with another patience. Removes positions that nobody went on from for a month. */
  Scrubs(ScrubOptions options, Consumer<String> listener, StoreTimeouts patience) {
    this.options = options;
    this.patience = patience;
    this.buffers = new BufferPool(options.chunkBytes());
    this.throttle = new Throttle(options.bytesPerSecond(), System::nanoTime);
    this.positions = new ScrubPositions(options.staging());
    threads.execute(positions::dropForgotten);
    this.notifier = new ChangeNotifier(listener, notifierThread);
  }

  /**
   * Queues a scrub. Does nothing when the id is known, even of one that has ended.
   *
   * @param logContext what its log lines carry
   * @return whether it is new
   * @throws RejectedExecutionException after {@link #close}
   */
  public boolean submit(String id, ScrubRequest request, Map<String, String> logContext) {
    synchronized (lock) {
      if (closed) {
        throw new RejectedExecutionException("scrubs are closed");
      }
      if (known.containsKey(id)) {
        return false;
      }
      CancellationToken stop = new CancellationToken();
      CopyScrub scrub = new CopyScrub(request, context(), positions, options.saveEvery(), stop);
      Entry entry = new Entry(id, request, logContext, scrub, stop);
      known.put(id, entry);
      waiting.add(entry);
      startWhatMay();
      return true;
    }
  }

  /** How a scrub is now; empty when the id is not known. */
  public Optional<ScrubStatus> status(String id) {
    return find(id)
        .map(
            entry -> {
              // The state first: what is read after it is final.
              ScrubStatus.State state = entry.state;
              return new ScrubStatus(
                  state, entry.scrub.bytes(), entry.request.expected().size(), entry.health);
            });
  }

  /**
   * Has a scrub stop soon; a later one of the same copy goes on where it was.
   *
   * @return false when the id is not known or the scrub has ended
   */
  public boolean cancel(String id) {
    Optional<Entry> entry = find(id).filter(found -> !found.ended());
    entry.ifPresent(this::stop);
    return entry.isPresent();
  }

  /**
   * Forgets a scrub that has ended, so that its id may be used again.
   *
   * @return false when the id is not known, or the scrub has not ended
   */
  public boolean forget(String id) {
    synchronized (lock) {
      Entry entry = known.get(id);
      return entry != null && entry.ended() && known.remove(id, entry);
    }
  }

  /**
   * Stops every scrub and takes no more.
   *
   * @param atMost how long to wait for them to write down where they are
   * @return whether all have
   * @throws InterruptedException when interrupted while waiting
   */
  public boolean close(Duration atMost) throws InterruptedException {
    List<Entry> all;
    synchronized (lock) {
      closed = true;
      all = List.copyOf(known.values());
    }
    all.forEach(this::stop);
    slots.shutdown();
    boolean ended = slots.awaitTermination(atMost.toNanos(), TimeUnit.NANOSECONDS);
    threads.shutdown();
    notifierThread.shutdown();
    return ended;
  }

  private void stop(Entry entry) {
    synchronized (lock) {
      if (waiting.remove(entry)) {
        entry.state = ScrubStatus.State.CANCELLED;
        notifier.changed(entry.id);
        return;
      }
    }
    boolean unused = entry.stop.stop(new Outcome.Cancelled());
  }

  private TransferContext context() {
    return new TransferContext(
        threads,
        new Chunks(buffers, 1),
        patience,
        throttle,
        FetchOptions.defaults(),
        System::nanoTime,
        TransferObserver.Journey.UNOBSERVED);
  }

  /** With the lock. */
  private void startWhatMay() {
    Iterator<Entry> next = waiting.iterator();
    while (!closed && busyStores.size() < options.slots() && next.hasNext()) {
      Entry entry = next.next();
      if (busyStores.add(entry.store())) {
        next.remove();
        slots.execute(() -> run(entry));
      }
    }
  }

  private Optional<Entry> find(String id) {
    synchronized (lock) {
      return Optional.ofNullable(known.get(id));
    }
  }

  private void run(Entry entry) {
    MDC.setContextMap(entry.logContext);
    try {
      entry.state = ScrubStatus.State.RUNNING;
      CopyHealth health = entry.scrub.run();
      tell(entry.request.target(), health);
      entry.health = Optional.of(health);
      entry.state = ScrubStatus.State.DONE;
    } catch (InterruptedException e) {
      entry.state = ScrubStatus.State.CANCELLED;
    } catch (RuntimeException | Error e) {
      entry.health = Optional.of(new CopyHealth.Unreadable(Failures.ofStore(entry.store(), e)));
      entry.state = ScrubStatus.State.DONE;
    } finally {
      MDC.clear();
      notifier.changed(entry.id);
      synchronized (lock) {
        busyStores.remove(entry.store());
        startWhatMay();
      }
    }
  }

  private static void tell(Target target, CopyHealth health) {
    String copy = target.name() + ":" + target.key();
    if (health instanceof CopyHealth.Good) {
      LOG.info("The copy {} is good", copy);
    } else {
      LOG.warn("The copy {} is not good: {}", copy, health);
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
