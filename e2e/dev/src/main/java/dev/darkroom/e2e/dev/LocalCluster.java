package dev.darkroom.e2e.dev;

import dev.darkroom.controller.ImageOperator;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.OperatorSettingsBuilder;
import dev.darkroom.e2e.apiserver.ApiServer;
import dev.darkroom.source.policy.AddressPolicy;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An API server with Darkroom's CRDs, and the operator, in this process. */
final class LocalCluster implements AutoCloseable {

  private static final List<String> CRDS =
      List.of(
          "images.darkroom.dev.yaml",
          "imageimports.darkroom.dev.yaml",
          "imagemembers.darkroom.dev.yaml",
          "imagestores.darkroom.dev.yaml",
          "publicimages.darkroom.dev.yaml");

  /** Shorter than the default, for smooth progress bars; the load does not matter here. */
  private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(200);

  private final ApiServer server;
  private final KubernetesClient client;
  private final ImageOperator operator;

  private LocalCluster(ApiServer server, KubernetesClient client, ImageOperator operator) {
    this.server = server;
    this.client = client;
    this.operator = operator;
  }

  /**
   * Starts API server and operator and waits until both are ready.
   *
   * @param port the port of the API server; 0 for any
   * @param sources the allowed sources
   * @param directory the directory for the kubeconfig and for staging
   * @throws InputException if the port is in use or the kubeconfig cannot be written
   */
  static LocalCluster start(int port, AddressPolicy sources, WorkDirectory directory) {
    Path kubeconfig = directory.kubeconfig();
    OperatorSettings settings = settings(sources, directory.staging());
    ApiServer server = startServer(port);
    try {
      Files.writeString(kubeconfig, server.kubeconfig());
      CRDS.forEach(file -> server.install(resource("/dev/darkroom/crds/" + file)));
      KubernetesClient client =
          new KubernetesClientBuilder().withConfig(config(server.kubeconfig())).build();
      try {
        return new LocalCluster(server, client, ImageOperator.start(client, settings));
      } catch (RuntimeException e) {
        client.close();
        throw e;
      }
    } catch (IOException e) {
      server.close();
      throw new InputException("Cannot write " + kubeconfig + ": " + Sentences.of(e), e);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static ApiServer startServer(int port) {
    try {
      return ApiServer.start(ApiServer.Options.defaults().onPort(port));
    } catch (IllegalStateException e) {
      if (Ports.isTaken(e)) {
        throw Ports.taken(port, "--port", e);
      }
      throw e;
    }
  }

  /** Ignores proxies in the environment: the server is on this machine. */
  private static Config config(String kubeconfig) {
    return new ConfigBuilder(Config.fromKubeconfig(kubeconfig))
        .withHttpProxy(null)
        .withHttpsProxy(null)
        .build();
  }

  private static OperatorSettings settings(AddressPolicy sources, Path staging) {
    return OperatorSettingsBuilder.builder(OperatorSettings.defaults())
        .progressInterval(PROGRESS_INTERVAL)
        .addressPolicy(sources)
        .staging(Optional.of(staging))
        .build();
  }

  private static String resource(String name) {
    try (InputStream resource = LocalCluster.class.getResourceAsStream(name)) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The URL of the API server. */
  URI address() {
    return server.url();
  }

  /** A client of the API server, closed with the cluster. */
  KubernetesClient client() {
    return client;
  }

  /** Stops the operator first, so that the store has no partial files, and the API server last. */
  @Override
  public void close() {
    operator.close();
    client.close();
    server.close();
  }
}
