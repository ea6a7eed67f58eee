package dev.darkroom.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.e2e.scenario.cluster.ClusterUnderTest;
import dev.darkroom.e2e.scenario.cluster.OnEveryServer;
import dev.darkroom.e2e.scenario.cluster.ServerKind;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Scenarios about what a real API server answers whom, with no operator: two tenants and their
 * people, who stay for all tests of a class.
 */
@ExtendWith(OnEveryServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TwoTenantsScenario implements OnEveryServer.Guest {

  ClusterUnderTest cluster;
  TwoTenants tenants;

  private boolean failed;

  @Override
  public final ServerKind kind() {
    return ServerKind.REAL;
  }

  @Override
  public final void welcome(ClusterUnderTest welcoming) {
    cluster = welcoming;
  }

  @BeforeEach
  final void moveIn() throws IOException {
    assertThat(failed).as("the tenants could not move in").isFalse();
    if (tenants == null) {
      failed = true;
      tenants = TwoTenants.on(cluster);
      failed = false;
    }
  }

  @AfterAll
  final void moveOut() {
    if (tenants != null) {
      tenants.close();
    }
  }
}
