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

/** Time stands still here but where a test lets it pass; only the rounds of the election go on. */
@Timeout(60)
class LeaderElectionTest {

  private static final Duration LASTS = Duration.ofSeconds(1);

  private final MockCluster cluster = new MockCluster();
  private final List<String> story = new CopyOnWriteArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger ended = new AtomicInteger();
  private final List<LeaderElection> all = new ArrayList<>();

  @AfterEach
  void close() {
    all.forEach(LeaderElection::close);
    cluster.close();
  }

  private class Noted implements LeaderWork {

    private final String name;

    Noted(String name) {
      this.name = name;
      story.add(name + " begins");
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
      story.add(name + " closes");
    }

    @Override
    public boolean abandon(Runnable left) {
      story.add(name + " abandons");
      left.run();
      return true;
    }
  }

  private LeaderElection candidate(String name) {
    return candidate(name, () -> new Noted(name));
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
            ended::incrementAndGet,
            nanos::get);
    all.add(candidate);
    candidate.begin();
    return candidate;
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private Lease lease() {
    return cluster.client().leases().inNamespace("system").withName("operator").get();
  }

  /** Does it again when the holder was quicker. */
  private void become(String holder) {
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
  void oneLeadsAndTheOtherStandsByAndBothAreReady() {
    LeaderElection a = candidate("a");
    await().until(() -> a.isLeading() && a.isReady());
    LeaderElection b = candidate("b");
    await().until(b::isReady);

    assertThat(b.isLeading()).isFalse();
    assertThat(story).containsExactly("a begins");
    assertThat(lease().getSpec().getHolderIdentity()).isEqualTo("a");
    assertThat(lease().getSpec().getLeaseDurationSeconds()).isEqualTo(1);
  }

  @Test
  void whoEndsInOrderLetsGoWhenItsWorkHasClosed() {
    LeaderElection a = candidate("a");
    await().until(a::isReady);
    LeaderElection b = candidate("b");
    await().until(b::isReady);

    a.close();

    assertThat(story).startsWith("a begins", "a closes");
    await().until(b::isLeading);
    await().untilAsserted(() -> assertThat(story).endsWith("b begins"));
    assertThat(lease().getSpec().getHolderIdentity()).isEqualTo("b");
    assertThat(lease().getSpec().getLeaseTransitions()).isEqualTo(1);
  }

  @Test
  void whoSeesAnotherAsTheHolderStopsAndLeadsAgainWhenThatOneIsGone() {
    LeaderElection a = candidate("a");
    await().until(a::isReady);

    become("somebody");

    await().untilAsserted(() -> assertThat(story).containsExactly("a begins", "a abandons"));
    assertThat(a.isLeading()).isFalse();
    await().until(a::isReady);
    cluster.client().resource(lease()).delete();
    await().untilAsserted(() -> assertThat(story).endsWith("a abandons", "a begins"));
    assertThat(ended).hasValue(0);
  }

  @Test
  void whoCannotRenewStopsBeforeTheLeaseRunsOut() {
    LeaderElection a = candidate("a");
    await().until(a::isReady);

    cluster.server().shutdown();
    pass(LASTS.multipliedBy(8).dividedBy(10));

    await().untilAsserted(() -> assertThat(story).containsExactly("a begins", "a abandons"));
    assertThat(ended).as("it had stopped in time").hasValue(0);
    pass(LASTS);
    await().until(() -> !a.isReady());
  }

  @Test
  void whoDoesNotStopInTimeIsEnded() {
    CountDownLatch never = new CountDownLatch(1);
    LeaderElection a =
        candidate(
            "a",
            () ->
                new Noted("a") {
                  @Override
                  public boolean abandon(Runnable left) {
                    try {
                      never.await();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                    return true;
                  }
                });
    await().until(a::isReady);
    become("somebody");
    await().until(() -> !a.isLeading());
    assertThat(ended).hasValue(0);

    pass(LASTS);

    await().until(() -> ended.get() > 0);
    never.countDown();
  }

  @Test
  void whoWasFrozenForLongIsEndedBeforeAnythingElse() {
    LeaderElection a = candidate("a");
    await().until(a::isReady);
    cluster.server().shutdown();

    pass(Duration.ofMinutes(5));

    await().until(() -> ended.get() > 0);
  }

  @Test
  void whoCannotBeginLetsAnotherTry() {
    LeaderElection a =
        candidate(
            "a",
            () -> {
              throw new IllegalStateException("for a test");
            });
    LeaderElection b = candidate("b");

    await().until(b::isReady);
    await().untilAsserted(() -> assertThat(story).containsExactly("b begins"));
    assertThat(a.isLeading()).isFalse();
  }
}
