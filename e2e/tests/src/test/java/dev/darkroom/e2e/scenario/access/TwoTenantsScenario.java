package dev.darkroom.e2e.scenario.access;

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
 * Base class of scenarios on a real API server without an operator: two tenants and their users,
 * shared by the tests of a class.
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
  public final void welcome(ClusterUnderTest given) {
    cluster = given;
  }

  @BeforeEach
  final void setUpTenants() throws IOException {
    assertThat(failed).as("set-up failed earlier").isFalse();
    if (tenants == null) {
      failed = true;
      tenants = TwoTenants.on(cluster);
      failed = false;
    }
  }

  @AfterAll
  final void removeTenants() {
    if (tenants != null) {
      tenants.close();
    }
  }
}
