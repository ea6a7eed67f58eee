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

/** Base class of scenarios with a running operator, a web server for sources, and stores. */
public abstract class ImportScenario extends Scenario {

  @TempDir protected Path directory;

  protected FaultyServer web;

  private StatusInvariants invariants;
  private KubernetesClient operatorsClient;
  private ImageOperator operator;

  @BeforeEach
  protected final void open() throws IOException {
    invariants = StatusInvariants.of(cluster.client());
    web = FaultyServer.start();
    startOperator(settings());
  }

  @AfterEach
  protected final void close() throws IOException {
    stopOperator();
    if (web != null) {
      web.close();
    }
    if (invariants != null) {
      invariants.close();
      assertThat(invariants.violations()).as("violated status invariants").isEmpty();
    }
  }

  /** The settings of the operator in this class. */
  protected OperatorSettings settings() {
    return quick().build();
  }

  /**
   * Default settings, with sources on loopback addresses allowed and progress updates every 200 ms.
   */
  protected static OperatorSettingsBuilder quick() {
    return OperatorSettingsBuilder.builder(OperatorSettings.defaults().withLoopbackSources())
        .progressInterval(Duration.ofMillis(200));
  }

  /** Starts the operator with these settings. */
  protected final void startOperator(OperatorSettings settings) {
    operatorsClient = connect();
    operator = ImageOperator.start(operatorsClient, settings, observers());
  }

  /**
   * The operator's client, closed after the operator. It authenticates as the ServiceAccount of the
   * chart.
   */
  protected KubernetesClient connect() {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(
                    Config.fromKubeconfig(OperatorIdentity.kubeconfig(cluster, kind).toFile()))
                .withUserAgent(FieldManager.NAME)
                .build())
        .withHttpClientBuilderConsumer(this::listen)
        .build();
  }

  /** Adds interceptors to the operator's HTTP client. */
  protected void listen(HttpClient.Builder http) {}

  /** Observers of the operator. */
  protected Observers observers() {
    return Observers.none();
  }

  /** Stops the operator, if one runs, and closes its client. */
  protected final void stopOperator() {
    if (operator != null) {
      operator.close();
      operator = null;
    }
    if (operatorsClient != null) {
      operatorsClient.close();
      operatorsClient = null;
    }
  }

  /** Creates a filesystem store, the default one, and waits until it is Ready. */
  protected final StoreDirectory defaultStore() throws IOException {
    return store("main", true);
  }

  /** Creates a filesystem store and waits until it is Ready. */
  protected final StoreDirectory store(String name) throws IOException {
    return store(name, false);
  }

  protected final StoreDirectory store(String name, boolean isDefault) throws IOException {
    Path path = Files.createDirectory(directory.resolve(name));
    StoreDirectory store = new StoreDirectory(tenant.namespace() + "-" + name, path);
    tenant.createStore(store.name(), at(path).isDefault(isDefault).build());
    tenant.await(ImageStore.class, store.name(), ConditionPredicates.ready());
    return store;
  }

  /** A filesystem store in this directory. */
  protected static ImageStoreSpecBuilder at(Path path) {
    return ImageStoreSpecBuilder.builder().filesystem(new FilesystemStoreSpec(path.toString()));
  }

  /** An image with this path of the web server as its source. */
  protected final ImageSpecBuilder from(String path) {
    return ImageSpecBuilder.builder().source(source(path));
  }

  /** This path of the web server as a source. */
  protected final ImageSource source(String path) {
    return ImageSource.of(WebSourceSpec.of(web.url(path)));
  }

  /** An import from this path of the web server. */
  protected final ImageImportSpecBuilder importOf(String image, String path) {
    return ImageImportSpecBuilder.builder()
        .imageRef(new ObjectReference(image))
        .web(WebSourceSpec.of(web.url(path)));
  }
}
