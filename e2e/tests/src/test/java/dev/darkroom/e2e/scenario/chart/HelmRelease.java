package dev.darkroom.e2e.scenario.chart;

import com.marcnuri.helm.Helm;
import dev.darkroom.e2e.RepositoryFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A release of the chart, managed by Helm's library.
 *
 * @param kubeconfig the kubeconfig of the cluster
 * @param directory the directory for files with values
 */
record HelmRelease(Path kubeconfig, Path directory) {

  static final String NAME = "darkroom";
  static final String NAMESPACE = "darkroom-system";
  static final Path CHART = RepositoryFiles.ROOT.resolve("helm/darkroom");

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

  /** Uninstalls the release, if it exists. */
  void uninstall() {
    Helm.uninstall(NAME)
        .withNamespace(NAMESPACE)
        .withKubeConfig(kubeconfig)
        .ignoreNotFound()
        .call();
  }

  /** The manifests rendered from values, for a namespace. */
  static String template(String namespace, Path values) {
    return new Helm(CHART)
        .template()
        .withName(NAME)
        .withNamespace(namespace)
        .withKubeVersion("v1.30.0")
        .withValuesFile(values)
        .call();
  }

  /** The values of an example of the chart. */
  static Path example(String name) {
    return CHART.resolveSibling("examples").resolve(name + ".yaml");
  }

  private Path file(String values) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "values", ".yaml"), values);
  }
}
