package dev.darkroom.e2e.scenario;

import dev.darkroom.e2e.scenario.cluster.ClusterUnderTest;
import dev.darkroom.e2e.scenario.cluster.OnEveryServer;
import dev.darkroom.e2e.scenario.cluster.ServerKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A class of tests that runs on every kind of API server, each test in its own namespace. */
@ParameterizedClass(name = "{0}")
@EnumSource(ServerKind.class)
@ExtendWith(OnEveryServer.class)
abstract class Scenario implements OnEveryServer.Guest {

  @Parameter ServerKind kind;

  ClusterUnderTest cluster;
  Tenant tenant;

  @Override
  public final ServerKind kind() {
    return kind;
  }

  @Override
  public final void welcome(ClusterUnderTest welcoming) {
    cluster = welcoming;
  }

  @BeforeEach
  final void openNamespace() {
    tenant = Tenant.create(cluster.client());
  }

  @AfterEach
  final void removeNamespace() {
    if (tenant != null) {
      tenant.close();
    }
  }
}
