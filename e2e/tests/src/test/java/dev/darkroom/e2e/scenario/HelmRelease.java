package dev.darkroom.e2e.scenario;

import com.marcnuri.helm.Helm;
import dev.darkroom.e2e.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The chart on a cluster, put there and taken away by Helm itself.
 *
 * @param kubeconfig where the cluster is
 * @param directory for files with values
 */
record HelmRelease(Path kubeconfig, Path directory) {

  static final String NAME = "darkroom";
  static final String NAMESPACE = "darkroom-system";
  static final Path CHART = Repository.ROOT.resolve("helm/darkroom");

  void install(String values) throws IOException {
    new Helm(CHART)
        .install()
        .withName(NAME)
        .withNamespace(NAMESPACE)
        .withKubeConfig(kubeconfig)
        .withValuesFile(file(values))
        .call();
  }

  void upgrade(String values) throws IOException {
    new Helm(CHART)
        .upgrade()
        .withName(NAME)
        .withNamespace(NAMESPACE)
        .withKubeConfig(kubeconfig)
        .withValuesFile(file(values))
        .call();
  }

  /** Does nothing when it is not installed. */
  void uninstall() {
    Helm.uninstall(NAME)
        .withNamespace(NAMESPACE)
        .withKubeConfig(kubeconfig)
        .ignoreNotFound()
        .call();
  }

  /** The manifests that values make, in a namespace. */
  static String template(String namespace, Path values) {
    return new Helm(CHART)
        .template()
        .withName(NAME)
        .withNamespace(namespace)
        .withKubeVersion("v1.30.0")
        .withValuesFile(values)
        .call();
  }

  /** The values of an example that comes with the chart. */
  static Path example(String name) {
    return CHART.resolveSibling("examples").resolve(name + ".yaml");
  }

  private Path file(String values) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "values", ".yaml"), values);
  }
}
