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

/** Base class of scenarios: runs on each kind of API server, each test in its own namespace. */
@ParameterizedClass(name = "{0}")
@EnumSource(ServerKind.class)
@ExtendWith(OnEveryServer.class)
public abstract class Scenario implements OnEveryServer.Guest {

  @Parameter protected ServerKind kind;

  protected ClusterUnderTest cluster;
  protected Tenant tenant;

  @Override
  public final ServerKind kind() {
    return kind;
  }

  @Override
  public final void welcome(ClusterUnderTest given) {
    cluster = given;
  }

  @BeforeEach
  protected final void openNamespace() {
    tenant = Tenant.create(cluster.client());
  }

  @AfterEach
  protected final void removeNamespace() {
    if (tenant != null) {
      tenant.close();
    }
  }
}
