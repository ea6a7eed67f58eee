package dev.darkroom.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.FilesystemStoreSpec;
import dev.darkroom.api.ImageImportSpecBuilder;
import dev.darkroom.api.ImageSource;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ImageStoreSpecBuilder;
import dev.darkroom.api.ObjectReference;
import dev.darkroom.api.WebSourceSpec;
import dev.darkroom.controller.ImageOperator;
import dev.darkroom.controller.Observers;
import dev.darkroom.controller.support.FieldManager;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.OperatorSettingsBuilder;
import dev.darkroom.e2e.scenario.cluster.OperatorIdentity;
import dev.darkroom.testing.FaultyServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Scenarios with a running operator, a web server that offers images, and stores. */
abstract class ImportScenario extends Scenario {

  @TempDir Path directory;

  FaultyServer web;

  private Witness witness;
  private KubernetesClient operatorsClient;
  private ImageOperator operator;

  @BeforeEach
  final void open() throws IOException {
    witness = Witness.of(cluster.client());
    web = FaultyServer.start();
    startOperator(settings());
  }

  @AfterEach
  final void close() throws IOException {
    stopOperator();
    if (web != null) {
      web.close();
    }
    if (witness != null) {
      witness.close();
      assertThat(witness.offences()).as("what no object may be at any time").isEmpty();
    }
  }

  /** How the operator works in this class. */
  OperatorSettings settings() {
    return quick().build();
  }

  /** Tells of progress often. */
  static OperatorSettingsBuilder quick() {
    return OperatorSettingsBuilder.builder(OperatorSettings.defaults().withLoopbackSources())
        .progressInterval(Duration.ofMillis(200));
  }

  final void startOperator(OperatorSettings settings) {
    operatorsClient = connect();
    operator = ImageOperator.start(operatorsClient, settings, observers());
  }

  /**
   * How the operator reaches the API server; it is closed after it. It may do what the chart lets
   * it, no more.
   */
  KubernetesClient connect() {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(
                    Config.fromKubeconfig(OperatorIdentity.kubeconfig(cluster, kind).toFile()))
                .withUserAgent(FieldManager.NAME)
                .build())
        .withHttpClientBuilderConsumer(this::listen)
        .build();
  }

  /** Who hears what the operator says to the API server. */
  void listen(HttpClient.Builder http) {}

  /** Who hears what the operator does. */
  Observers observers() {
    return Observers.none();
  }

  final void stopOperator() {
    if (operator != null) {
      operator.close();
      operator = null;
    }
    if (operatorsClient != null) {
      operatorsClient.close();
      operatorsClient = null;
    }
  }

  /** A store that is ready, and where images go that name none. */
  final StoreDirectory defaultStore() throws IOException {
    return store("main", true);
  }

  /** A store that is ready. */
  final StoreDirectory store(String name) throws IOException {
    return store(name, false);
  }

  final StoreDirectory store(String name, boolean isDefault) throws IOException {
    Path path = Files.createDirectory(directory.resolve(name));
    StoreDirectory store = new StoreDirectory(tenant.namespace() + "-" + name, path);
    tenant.createStore(store.name(), at(path).isDefault(isDefault).build());
    tenant.await(ImageStore.class, store.name(), States.ready());
    return store;
  }

  /** A store in a directory. */
  static ImageStoreSpecBuilder at(Path path) {
    return ImageStoreSpecBuilder.builder().filesystem(new FilesystemStoreSpec(path.toString()));
  }

  /** An image whose bytes the web server has on a path. */
  final ImageSpecBuilder from(String path) {
    return ImageSpecBuilder.builder().source(source(path));
  }

  final ImageSource source(String path) {
    return ImageSource.of(WebSourceSpec.of(web.url(path)));
  }

  /** An import of what the web server has on a path. */
  final ImageImportSpecBuilder importOf(String image, String path) {
    return ImageImportSpecBuilder.builder()
        .imageRef(new ObjectReference(image))
        .web(WebSourceSpec.of(web.url(path)));
  }
}
