package dev.darkroom.controller.leader;

import dev.darkroom.concurrent.DaemonThreads;
import dev.darkroom.controller.leader.ElectionState.Closed;
import dev.darkroom.controller.leader.ElectionState.Closing;
import dev.darkroom.controller.leader.ElectionState.Leading;
import dev.darkroom.controller.leader.ElectionState.Losing;
import dev.darkroom.controller.leader.ElectionState.Standby;
import dev.darkroom.controller.leader.ElectionState.Stopping;
import dev.darkroom.controller.leader.ElectionState.Stuck;
import dev.darkroom.controller.leader.LeaseLock.Standing;
import dev.darkroom.controller.support.StoreFigures;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leader election: only the Lease holder works. The other operators stand by, and one of them takes
 * over when the Lease is released or runs out.
 *
 * <p>An operator that could not renew its Lease for two thirds of its duration abandons its work,
 * and stands by again when the work has stopped. The {@link LeaderFence} ends the process when the
 * work has not stopped before the Lease runs out. A restart in place of the standby would not bring
 * back an API server that does not answer.
 *
 * <p>The elector of the Kubernetes client is not used: its renewal waits as long as its requests
 * do, and it compares the local clock with times that other machines wrote.
 *
 * <p>One loop on one thread owns the {@link ElectionState}. It never blocks: requests and work run
 * on other threads, which post their results to the loop. Public methods are thread-safe.
 */
public final class LeaderElection implements OperatorHandle {

  private static final Logger LOG = LoggerFactory.getLogger(LeaderElection.class);
  private static final Duration TICK = Duration.ofMillis(50);

  private final LeaseSettings settings;
  private final KubernetesClient leaseClient;
  private final LeaderWork.Beginning beginning;
  private final Runnable lastResort;
  private final LongSupplier nanoTime;
  private final LeaderFence fence;
  private final LeaseRequests requests;
  private final ThreadFactory workThreads = DaemonThreads.named("leader-");
  private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  private volatile ElectionState state;

  /** When the request began that was answered last. */
  private volatile Optional<Long> answeredAt = Optional.empty();

  // The fields below belong to the thread of the loop.

  private boolean claiming;
  private boolean closeRequested;
  private boolean releasing;

  /** Whether a thread runs {@link LeaderWork#close}. */
  private boolean workCloses;

  /** How often in a row a claim had no answer. */
  private int unanswered;

  /** A reading of the real clock: tests stop the other one. */
  private long nextClaim = System.nanoTime();

  LeaderElection(
      LeaseSettings settings,
      KubernetesClient leaseClient,
      LeaderWork.Beginning beginning,
      Runnable lastResort,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.leaseClient = leaseClient;
    this.beginning = beginning;
    this.lastResort = lastResort;
    this.nanoTime = nanoTime;
    this.fence = new LeaderFence(settings, lastResort, nanoTime);
    this.requests =
        new LeaseRequests(
            new LeaseLock(leaseClient, settings, Clock.systemUTC(), nanoTime), nanoTime);
    this.state = new Standby(nanoTime.getAsLong());
  }

  /**
   * Starts to stand by, and leads when the Lease is free. Returns at once.
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
    LeaderElection election =
        new LeaderElection(
            lease,
            lease.clientWithTimeout(client.getConfiguration()),
            beginning,
            lastResort,
            System::nanoTime);
    election.begin();
    return election;
  }

  /** Starts the fence, then the loop; once. */
  void begin() {
    LOG.info(
        "Standing by for Lease {}/{} as {}",
        settings.namespace(),
        settings.name(),
        settings.identity());
    fence.start();
    DaemonThreads.named("lease-election-").newThread(this::loop).start();
  }

  /** While leading: whether the work is ready. Else: whether the API server answers. */
  @Override
  public boolean isReady() {
    ElectionState now = state;
    if (isHolder(now)) {
      return now.work().filter(LeaderWork::isReady).isPresent();
    }
    return answeredAt
        .filter(at -> nanoTime.getAsLong() - at < settings.duration().toNanos())
        .isPresent();
  }

  @Override
  public Collection<StoreFigures> inventory() {
    return state.work().map(LeaderWork::inventory).orElse(List.of());
  }

  /** Whether it holds the Lease; its work may still start. */
  public boolean isLeading() {
    return isHolder(state);
  }

  private static boolean isHolder(ElectionState state) {
    return state instanceof Leading || state instanceof Closing;
  }

  /**
   * Closes the work in order, then releases the Lease, and blocks until that is done. When the
   * thread is interrupted, this goes on in the background, and the fence with it.
   */
  @Override
  public void close() {
    post(() -> closeRequested = true);
    try {
      closed.await();
      leaseClient.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void post(Runnable event) {
    events.add(event);
  }

  /** No failure ends the loop. When it does not renew the Lease, the fence ends the process. */
  private void loop() {
    while (!(state instanceof Closed)) {
      try {
        Runnable event = events.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
        if (event != null) {
          event.run();
        }
        closeWhenRequested();
        if (!fence.isExpired()) {
          checkRenewal();
          claimWhenDue();
        }
      } catch (Throwable e) {
        warn(e);
      }
    }
    fence.close();
    requests.close();
    closed.countDown();
  }

  /** Logging may fail too, for example without memory. */
  private void warn(Throwable cause) {
    try {
      LOG.error("The election for Lease {} failed", settings.name(), cause);
    } catch (Throwable e) {
      cause.addSuppressed(e);
    }
  }

  private void checkRenewal() {
    Optional<Long> renewedAt = renewedAt(state);
    if (renewedAt.isPresent()) {
      Duration since = Duration.ofNanos(nanoTime.getAsLong() - renewedAt.get());
      if (since.compareTo(settings.renewDeadline()) >= 0) {
        lose("it could not be renewed for " + since.toSeconds() + " s");
      }
    }
  }

  private static Optional<Long> renewedAt(ElectionState state) {
    if (state instanceof Leading leading) {
      return Optional.of(leading.renewedAt());
    }
    return state instanceof Closing closing ? Optional.of(closing.renewedAt()) : Optional.empty();
  }

  private void claimWhenDue() {
    if (claiming || System.nanoTime() - nextClaim < 0) {
      return;
    }
    boolean free =
        state instanceof Standby standby
            && !closeRequested
            && nanoTime.getAsLong() - standby.notBefore() >= 0;
    if (free || isHolder(state)) {
      claiming = true;
      requests.claim(
          (standing, asked) -> post(() -> onAnswer(standing, asked)),
          failure -> post(() -> onNoAnswer(failure)));
    }
  }

  private void onAnswer(Standing standing, long asked) {
    answeredAt = Optional.of(asked);
    unanswered = 0;
    scheduleClaim();
    if (fence.isExpired()) {
      return;
    }
    if (standing == Standing.OURS) {
      onClaimed(asked);
    } else if (standing == Standing.ANOTHERS && isHolder(state)) {
      lose("another operator holds it");
    }
  }

  private void onClaimed(long asked) {
    if (state instanceof Leading leading) {
      fence.arm(asked);
      state = new Leading(asked, leading.work());
    } else if (state instanceof Closing closing) {
      fence.arm(asked);
      state = new Closing(asked, closing.closing());
    } else if (state instanceof Standby standby
        && !closeRequested
        && asked - standby.notBefore() >= 0) {
      fence.arm(asked);
      state = new Leading(asked, Optional.empty());
      LOG.info("Lease {} is ours", settings.name());
      try {
        run(this::startWork);
      } catch (Throwable e) {
        onNotStarted(e);
      }
    }
  }

  private void onNoAnswer(Throwable failure) {
    if (unanswered == 0) {
      LOG.warn("The API server does not answer for Lease {}", settings.name(), failure);
    }
    unanswered++;
    scheduleClaim();
  }

  /** A leader renews at the usual period; a standby waits longer for a server without answer. */
  private void scheduleClaim() {
    claiming = false;
    Duration wait =
        unanswered == 0 || isHolder(state)
            ? settings.retryPeriod()
            : settings.silence().after(unanswered, Optional.empty(), RandomGenerator.getDefault());
    nextClaim = System.nanoTime() + wait.toNanos();
  }

  private void run(Runnable work) {
    workThreads.newThread(work).start();
  }

  /** On a thread of its own: caches take long to fill. */
  private void startWork() {
    try {
      LeaderWork started = beginning.begin();
      post(() -> onStarted(started));
    } catch (Throwable e) {
      post(() -> onNotStarted(e));
    }
  }

  private void onStarted(LeaderWork started) {
    if (state instanceof Leading leading) {
      state = new Leading(leading.renewedAt(), Optional.of(started));
    } else {
      state = new Losing(Optional.of(started));
      run(() -> abandon(started));
    }
  }

  private void onNotStarted(Throwable failure) {
    LOG.error("The operator could not start; Lease {} is released", settings.name(), failure);
    long wait = state instanceof Leading ? settings.duration().toNanos() : 0;
    standBy(nanoTime.getAsLong() + wait);
    requests.release(
        released -> LOG.debug("Lease {} is released: {}", settings.name(), released),
        e -> LOG.debug("Lease {} is not released; it runs out", settings.name(), e));
  }

  /** Work that still starts is abandoned when it has started. */
  private void lose(String reason) {
    LOG.warn("Lease {} is lost: {}; work stops", settings.name(), reason);
    Optional<LeaderWork> lost = state.work();
    lost.ifPresent(work -> run(() -> abandon(work)));
    state = new Losing(lost);
  }

  private void abandon(LeaderWork lost) {
    boolean clean = false;
    try {
      clean = lost.abandon(() -> post(() -> onLeft(lost)));
    } catch (Throwable e) {
      LOG.error("The work of this leader could not be stopped", e);
    }
    if (clean) {
      post(this::onStopped);
    } else {
      // The fence stays armed, and ends the process if this fails.
      post(() -> state = new Stuck());
      lastResort.run();
    }
  }

  private void onLeft(LeaderWork lost) {
    if (state instanceof Losing losing && losing.lost().filter(lost::equals).isPresent()) {
      fence.disarm();
      state = new Stopping(lost);
    }
  }

  private void onStopped() {
    standBy(nanoTime.getAsLong());
    LOG.info("Work has stopped; standing by for Lease {}", settings.name());
  }

  private void standBy(long notBefore) {
    fence.disarm();
    state = new Standby(notBefore);
  }

  private void closeWhenRequested() {
    if (!closeRequested) {
      return;
    }
    if (state instanceof Stuck) {
      state = new Closed();
    } else if (state instanceof Leading leading && leading.work().isPresent()) {
      LeaderWork work = leading.work().get();
      run(() -> closeWork(work));
      workCloses = true;
      state = new Closing(leading.renewedAt(), work);
    } else if (state instanceof Standby && !workCloses && !releasing) {
      releasing = true;
      requests.release(
          released -> post(() -> onReleased(released)), e -> post(() -> onNotReleased(e)));
    }
  }

  private void closeWork(LeaderWork work) {
    try {
      work.close();
      post(this::onWorkClosed);
    } catch (Throwable e) {
      post(() -> onNotReleased(e));
    }
  }

  private void onWorkClosed() {
    workCloses = false;
    if (state instanceof Closing) {
      standBy(nanoTime.getAsLong());
    }
  }

  private void onReleased(boolean released) {
    if (released) {
      LOG.info("Lease {} is released", settings.name());
    }
    state = new Closed();
  }

  private void onNotReleased(Throwable failure) {
    LOG.warn("Lease {} is not released; it runs out", settings.name(), failure);
    state = new Closed();
  }
}
