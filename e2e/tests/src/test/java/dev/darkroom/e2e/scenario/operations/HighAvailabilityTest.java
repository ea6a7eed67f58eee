package dev.darkroom.e2e.scenario.operations;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.e2e.scenario.ConditionHistory;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.OperatorProcess;
import dev.darkroom.e2e.scenario.RangedDisk;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.e2e.scenario.cluster.ClusterUnderTest;
import dev.darkroom.e2e.scenario.cluster.ServerKind;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two operators with one staging volume: leader election, failover and resumed imports. */
class HighAvailabilityTest extends ImportScenario {

  private static final String LEASE = "darkroom-operator";

  /** The bytes in flight on all connections when an import is cut off. */
  private static final long IN_FLIGHT = 4 * (8L << 20);

  /** In the log of an operator that lost the Lease. */
  private static final String STANDBY = "Work has stopped";

  private static final int OPERATORS = 2;

  /** Connections per request: the JDK's HTTP client may try twice. */
  private static final int CONNECTIONS = 2;

  /** Rounded down: a Lease of 10 s is renewed every 1.33 s. */
  private static final int PERIOD_SECONDS = 1;

  private final List<OperatorProcess> started = new ArrayList<>();
  private StoreDirectory store;
  private RangedDisk disk;
  private ConditionHistory history;

  @BeforeEach
  void startServer() throws IOException {
    stopOperator();
    Files.createDirectory(directory.resolve("staging"));
    disk = new RangedDisk(96);
    web.on("/disk", disk);
    history = ConditionHistory.of(cluster.client(), tenant.namespace());
  }

  @AfterEach
  void end() {
    started.forEach(OperatorProcess::close);
    if (history != null) {
      history.close();
    }
  }

  @Test
  void otherOperatorResumesAfterTheLeaderIsKilled() throws IOException, InterruptedException {
    OperatorProcess leader = leader("PT10S");
    OperatorProcess other = operator("other", "PT10S");
    String importName = awaitHalf();

    leader.kill();
    disk.release();

    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(disk.isIn(store.disk(image))).isTrue();
    assertThat(disk.served()).isBetween(disk.size() / 2, disk.size() / 2 + IN_FLIGHT);
    assertDoneOnce(image, importName);
    assertThat(holder()).startsWith("other_");
    assertThat(other.isReady()).isTrue();
  }

  @Test
  void stoppedLeaderReleasesTheLease() throws IOException, InterruptedException {
    // Long enough that the test cannot wait for the expiry.
    OperatorProcess leader = leader("PT90S");
    OperatorProcess other = operator("other", "PT90S");
    String importName = awaitHalf();

    int code = leader.terminate(Duration.ofSeconds(25));
    disk.release();

    assertThat(code).isZero();
    assertThat(leader.log()).containsSubsequence("stopped", "Lease");
    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(disk.served()).isBetween(disk.size() / 2, disk.size() / 2 + IN_FLIGHT);
    assertDoneOnce(image, importName);
    assertThat(holder()).startsWith("other_");
    assertThat(other.isReady()).isTrue();
  }

  @Test
  void leaderStopsWithoutTheLeaseAndLeadsAgain() throws IOException, InterruptedException {
    OperatorProcess leader = leader("PT10S");
    String importName = awaitHalf();
    assertThat(web.openConnections()).isPositive();

    setHolder("another");

    Tenant.awaiting("closed connections to the source").until(() -> web.openConnections() == 0);
    Tenant.awaiting("a standby operator").until(() -> leader.log().contains(STANDBY));
    assertThat(leader.isAlive()).isTrue();
    Tenant.awaiting("a ready operator").until(leader::isReady);
    assertThat(tenant.image("disk")).matches(reconciling("Importing"));
    assertThat(holder()).isEqualTo("another");

    disk.release();
    cluster.client().leases().inNamespace(tenant.namespace()).withName(LEASE).delete();

    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(disk.served()).isBetween(disk.size() / 2, disk.size() / 2 + IN_FLIGHT);
    assertDoneOnce(image, importName);
  }

  @Test
  void suspendedLeaderStopsAfterItResumes() throws IOException, InterruptedException {
    OperatorProcess leader = leader("PT10S");
    OperatorProcess other = operator("other", "PT10S");
    String importName = awaitHalf();

    leader.suspend();
    disk.release();
    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(holder()).startsWith("other_");
    leader.resume();

    Tenant.awaiting("end or standby of the old leader")
        .until(() -> !leader.isAlive() || leader.log().contains(STANDBY));
    assertThat(other.isReady()).isTrue();
    assertDoneOnce(image, importName);
    assertThat(tenant.image("disk")).matches(ready());
  }

  @Test
  void operatorsSurviveAnOutageOfTheApiServer() throws IOException, InterruptedException {
    assumeTrue(kind == ServerKind.REAL, "only a real API server supports outages");
    OperatorProcess leader = leader("PT10S");
    OperatorProcess other = operator("other", "PT10S");
    String importName = awaitHalf();
    history.close();

    try (ClusterUnderTest.Outage outage = cluster.outage().orElseThrow()) {
      Tenant.awaiting("a stopped leader").until(() -> leader.log().contains(STANDBY));
      Tenant.awaiting("closed connections to the source").until(() -> web.openConnections() == 0);
      long begin = System.nanoTime();
      int before = outage.connectionAttempts();
      Tenant.awaiting("10 s of outage")
          .until(() -> System.nanoTime() - begin > Duration.ofSeconds(10).toNanos());
      long seconds = 1 + Duration.ofNanos(System.nanoTime() - begin).toSeconds();
      assertThat(outage.connectionAttempts() - before)
          .as("connection attempts during the outage")
          .isBetween(1, Math.toIntExact(OPERATORS * CONNECTIONS * (1 + seconds / PERIOD_SECONDS)));
      assertThat(leader.isReady()).isFalse();
      assertThat(other.isReady()).isFalse();
      // The next leader starts as soon as the API server answers, without waiting for this test.
      disk.release();
    }

    history = ConditionHistory.of(cluster.client(), tenant.namespace());
    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(leader.isAlive()).isTrue();
    assertThat(other.isAlive()).isTrue();
    assertThat(disk.served()).isBetween(disk.size() / 2, disk.size() / 2 + IN_FLIGHT);
    assertDoneOnce(image, importName);
    Tenant.awaiting("two ready operators").until(() -> leader.isReady() && other.isReady());
  }

  /** Starts the first operator, and creates a store. */
  private OperatorProcess leader(String leaseDuration) throws IOException {
    OperatorProcess leader = operator("leader", leaseDuration);
    Tenant.awaiting("a leader").until(() -> holder().startsWith("leader_"));
    store = defaultStore();
    return leader;
  }

  private OperatorProcess operator(String host, String leaseDuration) throws IOException {
    OperatorProcess process =
        OperatorProcess.start(
            host,
            cluster.kubeconfig(),
            Files.createTempFile(directory, host + "-", ".log"),
            "--leader-election",
            "ON",
            "--operator-namespace",
            tenant.namespace(),
            "--lease-duration",
            leaseDuration,
            "--staging",
            directory.resolve("staging").toString());
    started.add(process);
    return process;
  }

  private String holder() {
    Lease lease = cluster.client().leases().inNamespace(tenant.namespace()).withName(LEASE).get();
    return lease == null || lease.getSpec().getHolderIdentity() == null
        ? ""
        : lease.getSpec().getHolderIdentity();
  }

  /** Sets the holder of the Lease. */
  /** Takes the Lease; a renewal of the leader at the same moment is a conflict, and is retried. */
  private void setHolder(String holder) {
    Tenant.awaiting("a write between two renewals")
        .ignoreException(KubernetesClientException.class)
        .untilAsserted(() -> editHolder(holder));
  }

  private void editHolder(String holder) {
    cluster
        .client()
        .leases()
        .inNamespace(tenant.namespace())
        .withName(LEASE)
        .edit(
            lease ->
                new LeaseBuilder(lease)
                    .editSpec()
                    .withHolderIdentity(holder)
                    .withLeaseDurationSeconds(600)
                    .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
                    .endSpec()
                    .build());
  }

  /** Starts an import and waits for the first half of its bytes; returns the name of the import. */
  private String awaitHalf() {
    tenant.createImage("disk", from("/disk").diskFormat(DiskFormatName.RAW).build());
    String importName =
        tenant.await(Image.class, "disk", reconciling("Importing")).getStatus().importRef().name();
    // Not by the reported progress: it may be 30 s old.
    Tenant.awaiting("the first half of the bytes").until(() -> disk.served() >= disk.size() / 2);
    Tenant.awaiting("bytes in the store").until(() -> inStore() >= disk.size() / 4);
    return importName;
  }

  private long inStore() throws IOException {
    long bytes = 0;
    for (String name : store.content()) {
      Path file = store.path().resolve(name);
      bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
    }
    return bytes;
  }

  /** Events and logs for the failure message. */
  private String details() {
    StringBuilder details = new StringBuilder("failed attempts");
    cluster.client().v1().events().inNamespace(tenant.namespace()).list().getItems().stream()
        .filter(event -> event.getType().equals("Warning"))
        .forEach(event -> details.append('\n').append(event.getMessage()));
    for (OperatorProcess process : started) {
      try {
        details.append("\n\n").append(process.log());
      } catch (IOException e) {
        details.append(e);
      }
    }
    return details.toString();
  }

  private void assertDoneOnce(Image image, String importName) {
    assertThat(tenant.get(ImageImport.class, importName).getStatus().attempts())
        .as(this::details)
        .isEqualTo(1);
    assertThat(tenant.imports()).containsExactly(importName);
    assertThat(store.content())
        .filteredOn(name -> name.endsWith("disk") && !name.startsWith(".partial"))
        .containsExactly(store.path().relativize(store.disk(image)).toString());
    assertNoRepeatedState(history.states());
    assertNoRepeatedState(history.reasons());
  }

  private static void assertNoRepeatedState(Map<String, List<String>> stories) {
    assertThat(stories).isNotEmpty();
    stories.forEach(
        (name, details) ->
            assertThat(new HashSet<>(details))
                .as("repeated states of %s: %s", name, details)
                .hasSameSizeAs(details));
  }
}
