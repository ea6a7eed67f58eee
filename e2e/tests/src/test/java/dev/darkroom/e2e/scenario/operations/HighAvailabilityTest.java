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

/** Two operators with one staging volume: one works, the other takes over, and nothing is lost. */
class HighAvailabilityTest extends ImportScenario {

  private static final String LEASE = "darkroom-operator";

  /** What each connection may have had in hand when it was cut. */
  private static final long IN_HAND = 4 * (8L << 20);

  private static final int OPERATORS = 2;

  /** Of one request: the JDK's client may try twice. */
  private static final int CONNECTIONS = 2;

  /** Rounded down: a Lease of ten seconds is asked for every 1.33 s, where there are answers. */
  private static final int PERIOD_SECONDS = 1;

  private final List<OperatorProcess> started = new ArrayList<>();
  private StoreDirectory store;
  private RangedDisk disk;
  private ConditionHistory history;

  @BeforeEach
  void twoOperators() throws IOException {
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
  void theLeaderIsKilledInTheMiddleAndTheOtherGoesOn() throws IOException, InterruptedException {
    OperatorProcess leader = leader("PT10S");
    OperatorProcess other = operator("other", "PT10S");
    String job = halfWay();

    leader.kill();
    disk.release();

    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(disk.isIn(store.disk(image))).isTrue();
    assertThat(disk.served()).isBetween(disk.size() / 2, disk.size() / 2 + IN_HAND);
    assertDoneOnce(image, job);
    assertThat(holder()).startsWith("other_");
    assertThat(other.isReady()).isTrue();
  }

  @Test
  void theLeaderIsToldToStopAndHandsOverAtOnce() throws IOException, InterruptedException {
    // So long that nobody would wait for it to run out.
    OperatorProcess leader = leader("PT90S");
    OperatorProcess other = operator("other", "PT90S");
    String job = halfWay();

    int code = leader.terminate(Duration.ofSeconds(25));
    disk.release();

    assertThat(code).isZero();
    assertThat(leader.log()).containsSubsequence("The operator has stopped", "is released");
    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(disk.served()).isBetween(disk.size() / 2, disk.size() / 2 + IN_HAND);
    assertDoneOnce(image, job);
    assertThat(other.log()).contains("is ours");
  }

  @Test
  void whoLosesTheLeaseStopsAtOnceAndLeadsAgainWhenItIsFree()
      throws IOException, InterruptedException {
    OperatorProcess leader = leader("PT10S");
    String job = halfWay();
    assertThat(web.openConnections()).isPositive();

    give("somebody");

    Tenant.awaiting("its connections to close").until(() -> web.openConnections() == 0);
    Tenant.awaiting("it to stand by").until(() -> leader.log().contains("Work has stopped"));
    assertThat(leader.isAlive()).isTrue();
    Tenant.awaiting("it to be ready").until(leader::isReady);
    assertThat(tenant.image("disk")).matches(reconciling("Importing"));
    assertThat(holder()).isEqualTo("somebody");

    disk.release();
    cluster.client().leases().inNamespace(tenant.namespace()).withName(LEASE).delete();

    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(disk.served()).isBetween(disk.size() / 2, disk.size() / 2 + IN_HAND);
    assertDoneOnce(image, job);
  }

  @Test
  void aLeaderThatWasFrozenFindsThatItIsNoneAnyMore() throws IOException, InterruptedException {
    OperatorProcess leader = leader("PT10S");
    OperatorProcess other = operator("other", "PT10S");
    String job = halfWay();

    leader.freeze();
    disk.release();
    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(holder()).startsWith("other_");
    leader.thaw();

    Tenant.awaiting("it to end or to stand by")
        .until(() -> !leader.isAlive() || leader.log().contains("Work has stopped"));
    assertThat(other.isReady()).isTrue();
    assertDoneOnce(image, job);
    assertThat(tenant.image("disk")).matches(ready());
  }

  @Test
  void theApiServerIsAwayAndNothingIsLostNorHammered() throws IOException, InterruptedException {
    assumeTrue(kind == ServerKind.REAL, "only a real API server can be away");
    OperatorProcess leader = leader("PT10S");
    OperatorProcess other = operator("other", "PT10S");
    String job = halfWay();
    history.close();

    try (ClusterUnderTest.Outage away = cluster.outage().orElseThrow()) {
      Tenant.awaiting("the leader to stop").until(() -> leader.log().contains("Work has stopped"));
      Tenant.awaiting("its connections to close").until(() -> web.openConnections() == 0);
      long begin = System.nanoTime();
      int before = away.knocks();
      Tenant.awaiting("ten more seconds")
          .until(() -> System.nanoTime() - begin > Duration.ofSeconds(10).toNanos());
      long seconds = 1 + Duration.ofNanos(System.nanoTime() - begin).toSeconds();
      assertThat(away.knocks() - before)
          .as("only the Lease is asked for, and only now and then")
          .isBetween(1, Math.toIntExact(OPERATORS * CONNECTIONS * (1 + seconds / PERIOD_SECONDS)));
      assertThat(leader.isReady()).isFalse();
      assertThat(other.isReady()).isFalse();
      // Who works next does so as soon as the API server answers, and does not wait for us.
      disk.release();
    }

    history = ConditionHistory.of(cluster.client(), tenant.namespace());
    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(leader.isAlive()).isTrue();
    assertThat(other.isAlive()).isTrue();
    assertThat(disk.served()).isBetween(disk.size() / 2, disk.size() / 2 + IN_HAND);
    assertDoneOnce(image, job);
    Tenant.awaiting("both to be ready").until(() -> leader.isReady() && other.isReady());
  }

  /** The first of them, with a store. */
  private OperatorProcess leader(String leaseDuration) throws IOException {
    OperatorProcess leader = operator("leader", leaseDuration);
    Tenant.awaiting("it to lead").until(() -> holder().startsWith("leader_"));
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

  /** Somebody takes the Lease who should not. */
  private void give(String holder) {
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

  /** Begins an import and waits until the half of it is there that is given out; gives its name. */
  private String halfWay() {
    tenant.createImage("disk", from("/disk").diskFormat(DiskFormatName.RAW).build());
    String job =
        tenant.await(Image.class, "disk", reconciling("Importing")).getStatus().importRef().name();
    // Not until it is told: that may be half a minute later.
    Tenant.awaiting("half of it to be given out").until(() -> disk.served() >= disk.size() / 2);
    Tenant.awaiting("it to be in the store").until(() -> inStore() >= disk.size() / 4);
    return job;
  }

  private long inStore() throws IOException {
    long bytes = 0;
    for (String name : store.content()) {
      Path file = store.path().resolve(name);
      bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
    }
    return bytes;
  }

  /** What Events and operators tell, for whoever must find out what failed. */
  private String story() {
    StringBuilder story = new StringBuilder("attempts, of which none fails");
    cluster.client().v1().events().inNamespace(tenant.namespace()).list().getItems().stream()
        .filter(event -> event.getType().equals("Warning"))
        .forEach(event -> story.append('\n').append(event.getMessage()));
    for (OperatorProcess process : started) {
      try {
        story.append("\n\n").append(process.log());
      } catch (IOException e) {
        story.append(e);
      }
    }
    return story.toString();
  }

  private void assertDoneOnce(Image image, String job) {
    assertThat(tenant.get(ImageImport.class, job).getStatus().attempts())
        .as(this::story)
        .isEqualTo(1);
    assertThat(tenant.imports()).containsExactly(job);
    assertThat(store.content())
        .filteredOn(name -> name.endsWith("disk") && !name.startsWith(".partial"))
        .containsExactly(store.path().relativize(store.disk(image)).toString());
    assertNoneCameBack(history.states());
    assertNoneCameBack(history.reasons());
  }

  private static void assertNoneCameBack(Map<String, List<String>> stories) {
    assertThat(stories).isNotEmpty();
    stories.forEach(
        (name, story) ->
            assertThat(new HashSet<>(story))
                .as("%s does not come back to what it has left: %s", name, story)
                .hasSameSizeAs(story));
  }
}
