package dev.darkroom.e2e.scenario.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.ApiServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The API server of this project, in this process. */
record EmbeddedCluster(ApiServer server, Path kubeconfig, KubernetesClient client)
    implements ClusterUnderTest {

  static EmbeddedCluster start(Path directory) throws IOException {
    ApiServer server = ApiServer.start(ApiServer.Options.defaults());
    Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), server.kubeconfig());
    return new EmbeddedCluster(
        server,
        kubeconfig,
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
            .build());
  }

  @Override
  public String description() {
    return "the embedded API server";
  }

  @Override
  public boolean plant(ObjectNode object) {
    server.plant(object);
    return true;
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
