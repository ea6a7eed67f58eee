package dev.darkroom.e2e.bench;

import dev.darkroom.controller.ImageOperator;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.e2e.apiserver.ApiServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An operator with default settings, with an embedded API server in this process. */
final class OperatorOnApiServer implements AutoCloseable {

  private static final List<String> KINDS =
      List.of("images", "publicimages", "imageimports", "imagemembers", "imagestores");

  private final ApiServer server;
  private final KubernetesClient client;
  private final ImageOperator operator;

  private OperatorOnApiServer(ApiServer server, KubernetesClient client, ImageOperator operator) {
    this.server = server;
    this.client = client;
    this.operator = operator;
  }

  static OperatorOnApiServer start() throws IOException {
    ApiServer server = ApiServer.start(ApiServer.Options.defaults());
    for (String kind : KINDS) {
      server.install(crd(kind));
    }
    Config config =
        new ConfigBuilder(Config.fromKubeconfig(server.kubeconfig()))
            .withHttpProxy(null)
            .withHttpsProxy(null)
            .build();
    KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
    ImageOperator operator =
        ImageOperator.start(client, OperatorSettings.defaults().withLoopbackSources());
    return new OperatorOnApiServer(server, client, operator);
  }

  KubernetesClient client() {
    return client;
  }

  @Override
  public void close() {
    operator.close();
    client.close();
    server.close();
  }

  private static String crd(String kind) throws IOException {
    String name = "/dev/darkroom/crds/" + kind + ".darkroom.dev.yaml";
    try (InputStream resource = OperatorOnApiServer.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IOException(name + " is not on the class path");
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
