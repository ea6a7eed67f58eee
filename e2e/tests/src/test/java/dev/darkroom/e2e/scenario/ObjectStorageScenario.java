package dev.darkroom.e2e.scenario;

import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.OperatorSettingsBuilder;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Base class of scenarios with an S3 server. The tenant's namespace is also the operator's
 * namespace.
 */
public abstract class ObjectStorageScenario extends ImportScenario {

  protected ObjectStorage storage;

  @Override
  protected final OperatorSettings settings() {
    return settings(quick().operatorNamespace(tenant.namespace())).build();
  }

  /** Changes the settings of the operator for this class. */
  protected OperatorSettingsBuilder settings(OperatorSettingsBuilder quick) {
    return quick;
  }

  @BeforeEach
  protected final void startStorage() throws IOException {
    storage = ObjectStorage.start(tenant);
  }

  @AfterEach
  protected final void stopStorage() throws IOException {
    // Stop first: otherwise the operator keeps sending requests to the closed server.
    stopOperator();
    if (storage != null) {
      storage.close();
    }
  }
}
