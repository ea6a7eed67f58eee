package dev.darkroom.controller.leader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.controller.MockCluster;
import dev.darkroom.controller.TestClock;
import dev.darkroom.controller.leader.LeaseLock.Standing;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeaseLockTest {

  private static final Duration LASTS = Duration.ofSeconds(15);

  private final MockCluster cluster = new MockCluster();
  private final TestClock clock = new TestClock("2026-11-22T10:00:00Z");
  private final AtomicLong nanos = new AtomicLong();

  @AfterEach
  void close() {
    cluster.close();
  }

  private LeaseLock claim(String identity, TestClock itsClock) {
    return new LeaseLock(
        cluster.client(),
        new LeaseSettings("system", "operator", identity, LASTS),
        itsClock,
        nanos::get);
  }

  private LeaseSpec spec() {
    return lease().getSpec();
  }

  private Lease lease() {
    return cluster.client().leases().inNamespace("system").withName("operator").get();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    clock.advance(time);
  }

  @Test
  void theFirstClaimHoldsTheLeaseUntilItRunsOut() {
    LeaseLock a = claim("a", clock);
    LeaseLock b = claim("b", clock);

    assertThat(a.claim()).isEqualTo(Standing.OURS);
    assertThat(b.claim()).isEqualTo(Standing.ANOTHERS);
    pass(LASTS.minusSeconds(1));
    assertThat(b.claim()).isEqualTo(Standing.ANOTHERS);
    pass(Duration.ofSeconds(1));
    assertThat(b.claim()).isEqualTo(Standing.OURS);

    assertThat(a.claim()).isEqualTo(Standing.ANOTHERS);
    assertThat(spec().getHolderIdentity()).isEqualTo("b");
    assertThat(spec().getLeaseTransitions()).isEqualTo(1);
  }

  @Test
  void aRenewedLeaseStaysWithItsHolder() {
    LeaseLock a = claim("a", clock);
    LeaseLock b = claim("b", clock);
    for (int round = 0; round < 5; round++) {
      assertThat(a.claim()).isEqualTo(Standing.OURS);
      assertThat(b.claim()).isEqualTo(Standing.ANOTHERS);
      pass(Duration.ofSeconds(10));
    }

    assertThat(spec().getLeaseTransitions()).isZero();
  }

  @Test
  void theClockOfTheHolderDoesNotCount() {
    LeaseLock slow = claim("slow", new TestClock("2020-01-01T00:00:00Z"));

    assertThat(slow.claim()).isEqualTo(Standing.OURS);

    assertThat(claim("b", clock).claim()).isEqualTo(Standing.ANOTHERS);
  }

  @Test
  void aReleasedLeaseIsFreeAtOnce() {
    LeaseLock a = claim("a", clock);
    LeaseLock b = claim("b", clock);
    assertThat(a.claim()).isEqualTo(Standing.OURS);
    assertThat(b.claim()).isEqualTo(Standing.ANOTHERS);

    assertThat(b.release()).as("release by a process that does not hold it").isFalse();
    assertThat(a.release()).isTrue();

    assertThat(b.claim()).isEqualTo(Standing.OURS);
  }

  @Test
  void aConflictLeavesTheClaimUndecided() {
    LeaseLock a = claim("a", clock);
    assertThat(a.claim()).isEqualTo(Standing.OURS);
    cluster
        .server()
        .expect()
        .put()
        .withPath("/apis/coordination.k8s.io/v1/namespaces/system/leases/operator")
        .andReturn(409, new StatusBuilder().withCode(409).withReason("Conflict").build())
        .once();

    assertThat(a.claim()).isEqualTo(Standing.UNDECIDED);

    assertThat(a.claim()).isEqualTo(Standing.OURS);
  }
}
