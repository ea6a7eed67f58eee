package dev.darkroom.controller.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.darkroom.controller.MockCluster;
import dev.darkroom.controller.support.StoreFigures;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The clock of the Lease moves only by {@link #pass}; claims follow the real clock. */
@Timeout(60)
class LeaderElectionTest {

  private static final Duration LASTS = Duration.ofSeconds(1);

  private final MockCluster cluster = new MockCluster();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger ended = new AtomicInteger();

  /** How often the clock still fails on the thread of the fence. */
  private final AtomicInteger clockFailures = new AtomicInteger();

  /** How often the last resort still fails. */
  private final AtomicInteger lastResortFailures = new AtomicInteger();

  private final CountDownLatch testEnds = new CountDownLatch(1);
  private final List<LeaderElection> all = new ArrayList<>();

  @AfterEach
  void close() {
    testEnds.countDown();
    all.forEach(LeaderElection::close);
    cluster.close();
  }

  private class RecordedWork implements LeaderWork {

    private final String name;

    RecordedWork(String name) {
      this.name = name;
      calls.add(name + " begins");
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public Collection<StoreFigures> inventory() {
      return List.of();
    }

    @Override
    public void close() {
      calls.add(name + " closes");
    }

    @Override
    public boolean abandon(Runnable left) {
      calls.add(name + " abandons");
      left.run();
      return true;
    }
  }

  /** Work that does not stop before the end of the test. */
  private LeaderWork neverAbandoned(String name) {
    return new RecordedWork(name) {
      @Override
      public boolean abandon(Runnable left) {
        try {
          testEnds.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return true;
      }
    };
  }

  private LeaderElection candidate(String name) {
    return candidate(name, () -> new RecordedWork(name));
  }

  private LeaderElection candidate(String name, LeaderWork.Beginning beginning) {
    KubernetesClient client =
        cluster
            .server()
            .createClient(
                builder -> builder.editOrNewConfig().withRequestRetryBackoffLimit(0).endConfig());
    LeaderElection candidate =
        new LeaderElection(
            new LeaseSettings("system", "operator", name, LASTS),
            client,
            beginning,
            this::endProcess,
            this::nanoTime);
    all.add(candidate);
    candidate.begin();
    return candidate;
  }

  private long nanoTime() {
    if (Thread.currentThread().getName().startsWith("lease-fence")
        && clockFailures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new AssertionError("the clock fails");
    }
    return nanos.get();
  }

  private void endProcess() {
    ended.incrementAndGet();
    if (lastResortFailures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new AssertionError("the last resort fails");
    }
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private Lease lease() {
    return cluster.client().leases().inNamespace("system").withName("operator").get();
  }

  /** Gives the Lease to another holder; repeats the update after a conflict. */
  private void giveLeaseTo(String holder) {
    await()
        .ignoreExceptionsInstanceOf(KubernetesClientException.class)
        .until(
            () -> {
              Lease lease =
                  new LeaseBuilder(lease())
                      .editSpec()
                      .withHolderIdentity(holder)
                      .withLeaseDurationSeconds(60)
                      .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
                      .endSpec()
                      .build();
              cluster.client().resource(lease).update();
              return true;
            });
  }

  @Test
  void oneOperatorLeadsTheOtherStandsByAndBothAreReady() {
    LeaderElection a = candidate("a");
    await().until(() -> a.isLeading() && a.isReady());
    LeaderElection b = candidate("b");
    await().until(b::isReady);

    assertThat(b.isLeading()).isFalse();
    assertThat(calls).containsExactly("a begins");
    assertThat(lease().getSpec().getHolderIdentity()).isEqualTo("a");
    assertThat(lease().getSpec().getLeaseDurationSeconds()).isEqualTo(1);
  }

  @Test
  void closeReleasesTheLeaseAfterTheWorkHasClosed() {
    LeaderElection a = candidate("a");
    await().until(a::isReady);
    LeaderElection b = candidate("b");
    await().until(b::isReady);

    a.close();

    assertThat(calls).startsWith("a begins", "a closes");
    await().until(b::isLeading);
    await().untilAsserted(() -> assertThat(calls).endsWith("b begins"));
    assertThat(lease().getSpec().getHolderIdentity()).isEqualTo("b");
    assertThat(lease().getSpec().getLeaseTransitions()).isEqualTo(1);
  }

  @Test
  void aLeaderThatSeesAnotherHolderStopsAndLeadsAgainWhenTheLeaseIsFree() {
    LeaderElection a = candidate("a");
    await().until(a::isReady);

    giveLeaseTo("another");

    await().untilAsserted(() -> assertThat(calls).containsExactly("a begins", "a abandons"));
    assertThat(a.isLeading()).isFalse();
    await().until(a::isReady);
    cluster.client().resource(lease()).delete();
    await().untilAsserted(() -> assertThat(calls).endsWith("a abandons", "a begins"));
    assertThat(ended).hasValue(0);
  }

  @Test
  void aLeaderThatCannotRenewStopsBeforeTheLeaseRunsOut() {
    LeaderElection a = candidate("a");
    await().until(a::isReady);

    cluster.server().shutdown();
    pass(LASTS.multipliedBy(8).dividedBy(10));

    await().untilAsserted(() -> assertThat(calls).containsExactly("a begins", "a abandons"));
    assertThat(ended).as("calls of the last resort").hasValue(0);
    pass(LASTS);
    await().until(() -> !a.isReady());
  }

  @Test
  void aLeaderThatDoesNotStopInTimeEndsTheProcess() {
    LeaderElection a = candidate("a", () -> neverAbandoned("a"));
    await().until(a::isReady);
    giveLeaseTo("another");
    await().until(() -> !a.isLeading());
    assertThat(ended).hasValue(0);

    pass(LASTS);

    await().until(() -> ended.get() > 0);
  }

  @Test
  void aLeaderThatWasSuspendedForLongerThanTheLeaseEndsTheProcess() {
    LeaderElection a = candidate("a");
    await().until(a::isReady);
    cluster.server().shutdown();

    pass(Duration.ofMinutes(5));

    await().until(() -> ended.get() > 0);
    assertThat(calls)
        .as("work is not abandoned after the Lease ran out")
        .containsExactly("a begins");
  }

  @Test
  void aClockThatFailedOnceDoesNotEndTheFence() {
    LeaderElection a = candidate("a", () -> neverAbandoned("a"));
    await().until(a::isReady);
    clockFailures.set(1);
    await().until(() -> clockFailures.get() == 0);
    giveLeaseTo("another");
    await().until(() -> !a.isLeading());

    pass(LASTS);

    await().until(() -> ended.get() > 0);
  }

  @Test
  void aClockThatKeepsFailingEndsTheProcess() {
    LeaderElection a = candidate("a");
    await().until(a::isReady);

    clockFailures.set(Integer.MAX_VALUE);

    await().until(() -> ended.get() > 0);
    clockFailures.set(0);
  }

  @Test
  void aLastResortThatFailsIsTriedAgain() {
    lastResortFailures.set(5);
    LeaderElection a = candidate("a");
    await().until(a::isReady);
    cluster.server().shutdown();

    pass(Duration.ofMinutes(5));

    await().until(() -> ended.get() > 5);
  }

  @Test
  void workThatThrowsAnErrorAtItsStartReleasesTheLease() {
    LeaderElection a =
        candidate(
            "a",
            () -> {
              throw new NoClassDefFoundError("for a test");
            });
    LeaderElection b = candidate("b");

    await().until(() -> b.isLeading() && b.isReady());
    assertThat(a.isLeading()).isFalse();
  }

  @Test
  void workThatCannotStopCleanlyEndsTheProcessAndIsNeverReplaced() {
    LeaderElection a =
        candidate(
            "a",
            () ->
                new RecordedWork("a") {
                  @Override
                  public boolean abandon(Runnable left) {
                    calls.add("a abandons");
                    return false;
                  }
                });
    await().until(a::isReady);

    giveLeaseTo("another");

    await().until(() -> ended.get() > 0);
    assertThat(calls).containsExactly("a begins", "a abandons");
  }

  @Test
  void aLeaderWhoseWorkDoesNotStartReleasesTheLease() {
    LeaderElection a =
        candidate(
            "a",
            () -> {
              throw new IllegalStateException("for a test");
            });
    LeaderElection b = candidate("b");

    await().until(b::isReady);
    await().untilAsserted(() -> assertThat(calls).containsExactly("b begins"));
    assertThat(a.isLeading()).isFalse();
  }
}
