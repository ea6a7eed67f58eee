package dev.darkroom.e2e.scenario;

import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.OperatorSettingsBuilder;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Scenarios with an S3 server. The tenant's namespace is the operator's too. */
abstract class ObjectStorageScenario extends ImportScenario {

  ObjectStorage storage;

  @Override
  final OperatorSettings settings() {
    return settings(quick().operatorNamespace(tenant.namespace())).build();
  }

  /** How the operator works in this class. */
  OperatorSettingsBuilder settings(OperatorSettingsBuilder quick) {
    return quick;
  }

  @BeforeEach
  final void startStorage() throws IOException {
    storage = ObjectStorage.start(tenant);
  }

  @AfterEach
  final void stopStorage() throws IOException {
    // Or it would go on asking what does not answer.
    stopOperator();
    if (storage != null) {
      storage.close();
    }
  }
}
