package dev.darkroom.controller.leader;

import dev.darkroom.controller.leader.LeaseLock.Standing;
import dev.darkroom.controller.support.StoreFigures;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Of several operators one works: the one that holds a Lease. The others stand by, and take over
 * when it is released or runs out.
 *
 * <p>An operator that could not renew its Lease for two thirds of its duration stops, whatever its
 * requests are waiting for: a thread that asks nobody watches over that. It must have stopped
 * before the Lease runs out; where it has not, the process is ended. Otherwise it stands by again:
 * a restart would not bring back an API server that is away. (That, and that clocks may differ, is
 * why this is not the client's own elector: its renewal waits for as long as its requests do, and
 * it believes the times that others have written.)
 */
public final class LeaderElection implements OperatorHandle {

  private enum State {
    STANDING_BY,
    LEADING,
    /** It must not be the leader any more, but may still do something. */
    LOSING,
    /** It does nothing that matters any more, and tidies up. */
    STOPPING
  }

  private static final Logger LOG = LoggerFactory.getLogger(LeaderElection.class);
  private static final Duration WATCH = Duration.ofMillis(50);

  private final LeaseSettings settings;
  private final LeaseLock claim;
  private final KubernetesClient leaseClient;
  private final LeaderWork.Beginning beginning;
  private final Runnable lastResort;
  private final LongSupplier nanoTime;
  private final ScheduledExecutorService election = scheduler("lease");
  private final ScheduledExecutorService fence = scheduler("lease-fence");
  private final ExecutorService worker = Executors.newSingleThreadExecutor(daemon("leader"));
  private final ExecutorService abandoner = Executors.newSingleThreadExecutor(daemon("abandon"));

  private State state = State.STANDING_BY;
  private Optional<LeaderWork> work = Optional.empty();
  private boolean closing;

  /** When the request began that renewed the Lease last. */
  private long renewedAt;

  /** When the request began that was answered last. */
  private Optional<Long> answeredAt = Optional.empty();

  /** Until then others may try. */
  private long notBefore;

  /** How often in a row there was no answer. Of the thread that asks alone. */
  private int unanswered;

  LeaderElection(
      LeaseSettings settings,
      KubernetesClient leaseClient,
      LeaderWork.Beginning beginning,
      Runnable lastResort,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.leaseClient = leaseClient;
    this.claim = new LeaseLock(leaseClient, settings, Clock.systemUTC(), nanoTime);
    this.beginning = beginning;
    this.lastResort = lastResort;
    this.nanoTime = nanoTime;
    this.notBefore = nanoTime.getAsLong();
  }

  /**
   * Begins to stand by, and leads when it can. Returns at once.
   *
   * @param client names the API server and the identity
   * @param beginning starts the work of each term as leader
   * @param lastResort ends this process at once, when work can't be stopped in time
   */
  public static LeaderElection campaign(
      KubernetesClient client,
      LeaseSettings lease,
      LeaderWork.Beginning beginning,
      Runnable lastResort) {
    LeaderElection leadership =
        new LeaderElection(
            lease,
            lease.impatient(client.getConfiguration()),
            beginning,
            lastResort,
            System::nanoTime);
    leadership.begin();
    return leadership;
  }

  void begin() {
    LOG.info(
        "Standing by for Lease {}/{} as {}",
        settings.namespace(),
        settings.name(),
        settings.identity());
    election.execute(this::round);
    Object unusedWatch =
        fence.scheduleWithFixedDelay(
            this::watch, WATCH.toMillis(), WATCH.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Whether it can do its part: it works and can do that, or stands by and hears from the API
   * server.
   */
  @Override
  public synchronized boolean isReady() {
    if (state == State.LEADING) {
      return work.filter(LeaderWork::isReady).isPresent();
    }
    return answeredAt
        .filter(at -> nanoTime.getAsLong() - at < settings.duration().toNanos())
        .isPresent();
  }

  @Override
  public Collection<StoreFigures> inventory() {
    Optional<LeaderWork> mine;
    synchronized (this) {
      mine = work;
    }
    return mine.map(LeaderWork::inventory).orElse(List.of());
  }

  /** Whether it holds the Lease and works, or is about to. */
  public synchronized boolean isLeading() {
    return state == State.LEADING;
  }

  /** Ends the work in order, and lets go of the Lease when nothing of it goes on. */
  @Override
  public void close() {
    synchronized (this) {
      if (closing) {
        return;
      }
      closing = true;
    }
    try {
      worker.submit(this::closeWork).get();
      // What was being abandoned, if it was.
      abandoner.submit(this::stand).get();
      election.submit(this::release).get();
    } catch (ExecutionException e) {
      LOG.warn("Lease {} was not let go of; it runs out", settings.name(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    election.shutdownNow();
    fence.shutdownNow();
    worker.shutdown();
    abandoner.shutdown();
    leaseClient.close();
  }

  private void closeWork() {
    Optional<LeaderWork> mine;
    synchronized (this) {
      mine = work;
    }
    mine.ifPresent(LeaderWork::close);
  }

  private synchronized void stand() {
    work = Optional.empty();
    state = State.STANDING_BY;
  }

  private void release() {
    if (claim.release()) {
      LOG.info("Lease {} is let go of", settings.name());
    }
  }

  /** One round of the election, and when it ends the next is due. */
  private void round() {
    campaign();
    try {
      Object unused =
          election.schedule(this::round, untilNextRound().toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("There is no next round: this process ends");
    }
  }

  /** Who leads renews while there is time. Who has nothing to lose leaves a silent server alone. */
  private synchronized Duration untilNextRound() {
    return unanswered == 0 || state == State.LEADING
        ? settings.retryPeriod()
        : settings.silence().after(unanswered, Optional.empty(), RandomGenerator.getDefault());
  }

  private void campaign() {
    synchronized (this) {
      boolean may = state == State.STANDING_BY && !closing && nanoTime.getAsLong() - notBefore >= 0;
      if (state != State.LEADING && !may) {
        return;
      }
    }
    long asked = nanoTime.getAsLong();
    try {
      take(claim.claim(), asked);
      unanswered = 0;
    } catch (RuntimeException e) {
      if (unanswered == 0) {
        LOG.warn("Lease {} can't be asked for now", settings.name(), e);
      }
      unanswered++;
    }
  }

  private synchronized void take(Standing standing, long asked) {
    answeredAt = Optional.of(asked);
    if (standing != Standing.OURS) {
      if (standing == Standing.ANOTHERS && state == State.LEADING) {
        lose("somebody else has it");
      }
      return;
    }
    if (state == State.LEADING) {
      renewedAt = asked;
    } else if (state == State.STANDING_BY && !closing) {
      renewedAt = asked;
      state = State.LEADING;
      LOG.info("Lease {} is ours", settings.name());
      worker.execute(this::lead);
    }
  }

  /** On a thread of its own: it takes as long as caches take to fill. */
  private void lead() {
    LeaderWork begun;
    try {
      begun = beginning.begin();
    } catch (RuntimeException e) {
      LOG.error("The operator could not begin; another may have the Lease", e);
      giveUp();
      return;
    }
    synchronized (this) {
      if (state == State.LEADING) {
        work = Optional.of(begun);
        return;
      }
    }
    // It was lost meanwhile.
    finish(begun);
  }

  private void giveUp() {
    synchronized (this) {
      if (state != State.LEADING) {
        state = State.STANDING_BY;
        return;
      }
      state = State.STANDING_BY;
      notBefore = nanoTime.getAsLong() + settings.duration().toNanos();
    }
    election.execute(
        () -> {
          try {
            boolean unused = claim.release();
          } catch (KubernetesClientException e) {
            LOG.debug("It runs out", e);
          }
        });
  }

  /** Asks nobody, so that it is never late. */
  private synchronized void watch() {
    if (state != State.LEADING && state != State.LOSING) {
      return;
    }
    Duration since = Duration.ofNanos(nanoTime.getAsLong() - renewedAt);
    if (since.compareTo(settings.stopDeadline()) >= 0) {
      LOG.error("Work could not be stopped before Lease {} ran out", settings.name());
      lastResort.run();
    } else if (state == State.LEADING && since.compareTo(settings.renewDeadline()) >= 0) {
      lose("it could not be renewed for " + since.toSeconds() + " seconds");
    }
  }

  private void lose(String why) {
    LOG.warn("Lease {} is lost: {}. Work stops.", settings.name(), why);
    state = State.LOSING;
    Optional<LeaderWork> mine = work;
    work = Optional.empty();
    // What has not begun yet is ended by the thread that begins it.
    mine.ifPresent(lost -> abandoner.execute(() -> finish(lost)));
  }

  private void finish(LeaderWork lost) {
    boolean clean = false;
    try {
      clean = lost.abandon(this::left);
    } catch (RuntimeException e) {
      LOG.error("What was begun could not be ended", e);
    }
    if (!clean) {
      lastResort.run();
    }
    stand();
    LOG.info("Work has stopped; standing by for Lease {}", settings.name());
  }

  private synchronized void left() {
    state = State.STOPPING;
  }

  private static ScheduledExecutorService scheduler(String name) {
    return Executors.newSingleThreadScheduledExecutor(daemon(name));
  }

  private static ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
