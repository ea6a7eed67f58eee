package dev.darkroom.e2e.scenario;

import dev.darkroom.e2e.scenario.cluster.ClusterUnderTest;
import dev.darkroom.e2e.scenario.cluster.OperatorIdentity;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Creates ServiceAccounts without permissions. */
public final class TestServiceAccount {

  private TestServiceAccount() {}

  /** Creates a ServiceAccount and writes a kubeconfig with its token to the directory. */
  public static Path of(ClusterUnderTest cluster, Tenant home, String name, Path directory)
      throws IOException {
    cluster
        .client()
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace(home.namespace())
                .withName(name)
                .endMetadata()
                .build())
        .create();
    String token = OperatorIdentity.token(cluster.client(), home.namespace(), name);
    return Files.writeString(
        directory.resolve("kubeconfig-" + name),
        Files.readString(cluster.kubeconfig()).replaceFirst("token: .*", "token: " + token));
  }
}
