package dev.darkroom.e2e.scenario;

import dev.darkroom.e2e.scenario.cluster.ClusterUnderTest;
import dev.darkroom.e2e.scenario.cluster.OperatorIdentity;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A ServiceAccount without any rights of its own, as a pod has one. */
final class Robot {

  private Robot() {}

  /** Makes it, and a kubeconfig in a directory by which somebody is that one. */
  static Path of(ClusterUnderTest cluster, Tenant home, String name, Path directory)
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
