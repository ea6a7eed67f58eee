package dev.darkroom.transfer;

import dev.darkroom.source.FetchOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * All scrubs of this process: copies that are read again, slowly, to see whether they are still
 * what was verified. First come, first served. Nothing here blocks on bytes, so a reconciler may
 * call any method but {@link #close}. Safe for use by many threads.
 *
 * <p>A scrub is known by an id that its submitter chooses. It stays known after it has ended, until
 * it is forgotten.
 */
public final class Scrubs {

  private static final Logger LOG = LoggerFactory.getLogger(Scrubs.class);

  private final ScrubOptions options;
  private final Patience patience;
  private final BufferPool buffers;
  private final Throttle throttle;
  private final ScrubPositions positions;
  private final ExecutorService slots;
  private final ExecutorService threads = Executors.newCachedThreadPool(named("scrub-store-"));
  private final ExecutorService notifierThread =
      Executors.newSingleThreadExecutor(named("scrub-notifier-"));
  private final Notifier notifier;
  private final Map<String, Entry> known = new HashMap<>();

  private static final class Entry {

    private final Scrub scrub;
    private final StopSignal stop;
    private final long total;
    private volatile ScrubStatus.State state = ScrubStatus.State.QUEUED;
    private volatile Optional<CopyHealth> health = Optional.empty();

    Entry(Scrub scrub, StopSignal stop, long total) {
      this.scrub = scrub;
      this.stop = stop;
      this.total = total;
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
    this(options, listener, Patience.defaults());
  }

  /** The same with another patience. */
  Scrubs(ScrubOptions options, Consumer<String> listener, Patience patience) {
    this.options = options;
    this.patience = patience;
    this.buffers = new BufferPool(options.chunkBytes());
    this.throttle = new Throttle(options.bytesPerSecond(), System::nanoTime);
    this.positions = new ScrubPositions(options.staging());
    this.slots = Executors.newFixedThreadPool(options.slots(), named("scrub-"));
    this.notifier = new Notifier(listener, notifierThread);
  }

  /**
   * Queues a scrub. Does nothing when the id is known, even of one that has ended.
   *
   * @param logContext what its log lines carry
   * @return whether it is new
   * @throws java.util.concurrent.RejectedExecutionException after {@link #close}
   */
  public boolean submit(String id, ScrubRequest request, Map<String, String> logContext) {
    synchronized (known) {
      if (known.containsKey(id)) {
        return false;
      }
      StopSignal stop = new StopSignal();
      Workshop workshop =
          new Workshop(
              threads,
              new Chunks(buffers, 1),
              patience,
              throttle,
              FetchOptions.defaults(),
              System::nanoTime,
              Optional.empty(),
              IntakeTools.none());
      Scrub scrub = new Scrub(request, workshop, positions, options.saveEvery(), stop);
      Entry entry = new Entry(scrub, stop, request.expected().size());
      slots.execute(() -> run(id, request, entry, logContext));
      known.put(id, entry);
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
              return new ScrubStatus(state, entry.scrub.bytes(), entry.total, entry.health);
            });
  }

  /**
   * Has a scrub stop soon; a later one of the same copy goes on where it was.
   *
   * @return false when the id is not known or the scrub has ended
   */
  public boolean cancel(String id) {
    Optional<Entry> entry = find(id).filter(found -> !found.ended());
    entry.ifPresent(
        found -> {
          boolean unused = found.stop.stop(new Outcome.Cancelled());
        });
    return entry.isPresent();
  }

  /**
   * Forgets a scrub that has ended, so that its id may be used again.
   *
   * @return false when the id is not known, or the scrub has not ended
   */
  public boolean forget(String id) {
    synchronized (known) {
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
    slots.shutdown();
    List<Entry> all;
    synchronized (known) {
      all = List.copyOf(known.values());
    }
    for (Entry entry : all) {
      boolean unused = entry.stop.stop(new Outcome.Cancelled());
    }
    boolean ended = slots.awaitTermination(atMost.toNanos(), TimeUnit.NANOSECONDS);
    threads.shutdown();
    notifierThread.shutdown();
    return ended;
  }

  private Optional<Entry> find(String id) {
    synchronized (known) {
      return Optional.ofNullable(known.get(id));
    }
  }

  private void run(String id, ScrubRequest request, Entry entry, Map<String, String> logContext) {
    MDC.setContextMap(logContext);
    String copy = request.target().name() + ":" + request.target().key();
    try {
      entry.state = ScrubStatus.State.RUNNING;
      CopyHealth health = entry.scrub.run();
      if (health instanceof CopyHealth.Good) {
        LOG.info("The copy {} is good", copy);
      } else {
        LOG.warn("The copy {} is not good: {}", copy, health);
      }
      entry.health = Optional.of(health);
      entry.state = ScrubStatus.State.DONE;
    } catch (InterruptedException e) {
      entry.state = ScrubStatus.State.CANCELLED;
    } catch (RuntimeException | Error e) {
      entry.health =
          Optional.of(new CopyHealth.Unreadable(Failures.ofStore(request.target().name(), e)));
      entry.state = ScrubStatus.State.DONE;
    } finally {
      MDC.clear();
      notifier.changed(id);
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
