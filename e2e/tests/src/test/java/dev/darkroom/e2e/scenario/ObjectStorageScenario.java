package dev.darkroom.e2e.scenario;

import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.OperatorSettingsBuilder;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Scenarios with an S3 server. The tenant's namespace is the operator's too. */
public abstract class ObjectStorageScenario extends ImportScenario {

  protected ObjectStorage storage;

  @Override
  protected final OperatorSettings settings() {
    return settings(quick().operatorNamespace(tenant.namespace())).build();
  }

  /** How the operator works in this class. */
  protected OperatorSettingsBuilder settings(OperatorSettingsBuilder quick) {
    return quick;
  }

  @BeforeEach
  protected final void startStorage() throws IOException {
    storage = ObjectStorage.start(tenant);
  }

  @AfterEach
  protected final void stopStorage() throws IOException {
    // Or it would go on asking what does not answer.
    stopOperator();
    if (storage != null) {
      storage.close();
    }
  }
}
