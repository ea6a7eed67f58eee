package dev.darkroom.transfer.scrub;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.concurrent.DaemonThreads;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The scrubs of this process: copies are read again, slowly, and compared with their digest. They
 * start in the order of their submission, but one copy of each store at a time, so that a store
 * that hangs delays no other. No method but {@link #close} blocks on bytes, so a reconciler may
 * call them. Thread-safe.
 *
 * <p>A scrub has an id that its submitter chooses. It is known until {@link #forget}, also after it
 * has ended.
 */
public final class Scrubs {

  private static final Logger LOG = LoggerFactory.getLogger(Scrubs.class);

  private final ScrubOptions options;
  private final StoreTimeouts timeouts;
  private final BufferPool buffers;
  private final Throttle throttle;
  private final ScrubPositions positions;
  private final ExecutorService slots =
      Executors.newCachedThreadPool(DaemonThreads.named("scrub-"));
  private final ExecutorService threads =
      Executors.newCachedThreadPool(DaemonThreads.named("scrub-store-"));
  private final ExecutorService notifierThread =
      Executors.newSingleThreadExecutor(DaemonThreads.named("scrub-notifier-"));
  private final ChangeNotifier notifier;

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<String, Entry> known = new HashMap<>();

  @GuardedBy("lock")
  private final Deque<Entry> waiting = new ArrayDeque<>();

  @GuardedBy("lock")
  private final Set<String> busyStores = new HashSet<>();

  @GuardedBy("lock")
  private boolean closed;

  private static final class Entry {

    private final String id;
    private final ScrubRequest request;
    private final Map<String, String> logContext;
    private final CopyScrub scrub;
    private final CancellationToken token;
    private volatile ScrubStatus.State state = ScrubStatus.State.QUEUED;
    private volatile Optional<CopyHealth> health = Optional.empty();

    Entry(
        String id,
        ScrubRequest request,
        Map<String, String> logContext,
        CopyScrub scrub,
        CancellationToken token) {
      this.id = id;
      this.request = request;
      this.logContext = Map.copyOf(logContext);
      this.scrub = scrub;
      this.token = token;
    }

    String store() {
      return request.target().name();
    }

    boolean ended() {
      return state == ScrubStatus.State.DONE || state == ScrubStatus.State.CANCELLED;
    }
  }

  /**
   * Starts without scrubs.
   *
   * @param listener gets the id of a scrub that ended; on a thread of its own, one call at a time
   */
  public Scrubs(ScrubOptions options, Consumer<String> listener) {
    this(options, listener, StoreTimeouts.defaults());
  }

  /** Starts with other timeouts. Removes positions of 30 days ago. */
  Scrubs(ScrubOptions options, Consumer<String> listener, StoreTimeouts timeouts) {
    this.options = options;
    this.timeouts = timeouts;
    this.buffers = new BufferPool(options.chunkBytes());
    this.throttle = new Throttle(options.bytesPerSecond(), System::nanoTime);
    this.positions = new ScrubPositions(options.staging());
    threads.execute(positions::removeOld);
    this.notifier = new ChangeNotifier(listener, notifierThread);
  }

  /**
   * Queues a scrub. Does nothing when the id is known, even of a scrub that has ended.
   *
   * @param logContext the context of its log lines
   * @return whether the id is new
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
      CancellationToken token = new CancellationToken();
      CopyScrub scrub = new CopyScrub(request, context(), positions, options.saveEvery(), token);
      Entry entry = new Entry(id, request, logContext, scrub, token);
      known.put(id, entry);
      waiting.add(entry);
      fillSlots();
      return true;
    }
  }

  /** The status of a scrub now; empty when the id is not known. */
  public Optional<ScrubStatus> status(String id) {
    return find(id)
        .map(
            entry -> {
              // The state first: values that are read after a final state are final.
              ScrubStatus.State state = entry.state;
              return new ScrubStatus(
                  state, entry.scrub.bytes(), entry.request.expected().size(), entry.health);
            });
  }

  /**
   * Cancels a scrub, and returns at once; the next scrub of the copy resumes.
   *
   * @return false when the id is not known or the scrub has ended
   */
  public boolean cancel(String id) {
    Optional<Entry> entry = find(id).filter(found -> !found.ended());
    entry.ifPresent(this::cancel);
    return entry.isPresent();
  }

  /**
   * Forgets a scrub that has ended, so that its id can be submitted again.
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
   * Cancels every scrub and accepts no more.
   *
   * @param atMost how long to wait for them to save their positions
   * @return whether all have
   * @throws InterruptedException when interrupted while waiting
   */
  public boolean close(Duration atMost) throws InterruptedException {
    List<Entry> all;
    synchronized (lock) {
      closed = true;
      all = List.copyOf(known.values());
    }
    all.forEach(this::cancel);
    slots.shutdown();
    boolean ended = slots.awaitTermination(atMost.toNanos(), TimeUnit.NANOSECONDS);
    threads.shutdown();
    notifierThread.shutdown();
    return ended;
  }

  private void cancel(Entry entry) {
    synchronized (lock) {
      if (waiting.remove(entry)) {
        entry.state = ScrubStatus.State.CANCELLED;
        notifier.changed(entry.id);
        return;
      }
    }
    boolean unused = entry.token.cancel(new Outcome.Cancelled());
  }

  private TransferContext context() {
    return new TransferContext(
        threads,
        new Chunks(buffers, 1),
        timeouts,
        throttle,
        FetchOptions.defaults(),
        System::nanoTime,
        TransferObserver.Recorder.NONE);
  }

  @GuardedBy("lock")
  private void fillSlots() {
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
      log(entry.request.target(), health);
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
        fillSlots();
      }
    }
  }

  private static void log(Target target, CopyHealth health) {
    String copy = target.name() + ":" + target.key();
    if (health instanceof CopyHealth.Good) {
      LOG.info("The copy {} is good", copy);
    } else {
      LOG.warn("The copy {} is not good: {}", copy, health);
    }
  }
}
