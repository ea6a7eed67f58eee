package dev.darkroom.e2e.scenario.chart;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageStore;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.KubectlProcess;
import dev.darkroom.e2e.scenario.OperatorProcess;
import dev.darkroom.e2e.scenario.WebResponses;
import dev.darkroom.e2e.scenario.cluster.ClusterUnderTest;
import dev.darkroom.e2e.scenario.cluster.FreshControlPlane;
import dev.darkroom.e2e.scenario.cluster.OperatorIdentity;
import dev.darkroom.testing.FaultyServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's commands for a cluster, on a real API server, with three differences: the store is a
 * directory, because nothing creates volumes; the image comes from a local server; the pod is a
 * process with the token of its ServiceAccount.
 */
class ReadmeClusterTest {

  private static final Path VALUES = Path.of("helm", "examples", "filesystem.yaml");
  private static final Path SAMPLE = Path.of("samples", "image-web.yaml");
  private static final long MOST_MINUTES = 3;

  @TempDir Path directory;

  private ClusterUnderTest cluster;
  private KubernetesClient client;
  private FaultyServer web;
  private Path stored;

  @BeforeEach
  void start() throws IOException {
    var started = FreshControlPlane.start(Files.createDirectory(directory.resolve("cluster")));
    assumeTrue(started.isPresent(), FreshControlPlane.missing());
    cluster = started.get();
    client = cluster.client();
    web = FaultyServer.start();
    stored = Files.createDirectory(directory.resolve("stored"));
  }

  @AfterEach
  void stop() throws IOException {
    if (cluster != null) {
      web.close();
      cluster.close();
    }
  }

  @Test
  void installUpgradeAndFullUninstall() throws Exception {
    List<String> install = ReadmeCommands.of("Install", 1);
    List<String> uninstall = ReadmeCommands.of("Uninstall", 1);
    int helm = indexOf(install, "helm install");
    int helmAgain = indexOf(uninstall, "helm uninstall");

    run(install.subList(0, helm + 1));
    try (OperatorProcess operator = operator()) {
      run(install.subList(helm + 1, install.size()));
      Image image = client.resources(Image.class).inNamespace("default").list().getItems().get(0);
      assertThat(image).matches(ready());
      assertThat(bytes()).hasSize(1);

      run(ReadmeCommands.of("Upgrade", 0));
      assertThat(client.resources(ImageStore.class).withName("local").get()).isNotNull();
      assertThat(fieldManagers("images.darkroom.dev")).contains("kubectl");

      run(uninstall.subList(0, helmAgain));
      assertThat(bytes()).as("files in the store").isEmpty();
      run(uninstall.subList(helmAgain, helmAgain + 1));
      assertThat(operator.log()).doesNotContainIgnoringCase("forbidden");
    }
    run(uninstall.subList(helmAgain + 1, uninstall.size()));

    assertThat(client.namespaces().withName(HelmRelease.NAMESPACE).get()).isNull();
    assertThat(client.apiextensions().v1().customResourceDefinitions().list().getItems())
        .extracting(crd -> crd.getSpec().getGroup())
        .doesNotContain(ApiGroup.NAME);
    assertThat(client.rbac().clusterRoles().list().getItems())
        .extracting(role -> role.getMetadata().getName())
        .noneMatch(name -> name.contains("darkroom"));
    assertThat(client.admissionRegistration().v1().validatingAdmissionPolicies().list().getItems())
        .isEmpty();
  }

  @Test
  void uninstallKeepsImagesAndBytes() throws Exception {
    List<String> install = ReadmeCommands.of("Install", 1);
    int helm = indexOf(install, "helm install");
    run(install.subList(0, helm + 1));
    try (OperatorProcess operator = operator()) {
      run(install.subList(helm + 1, install.size()));

      run(ReadmeCommands.of("Uninstall", 0));
      assertThat(operator.log()).doesNotContainIgnoringCase("forbidden");
    }

    assertThat(client.resources(Image.class).inNamespace("default").list().getItems()).hasSize(1);
    assertThat(client.resources(ImageStore.class).withName("local").get().isMarkedForDeletion())
        .isFalse();
    assertThat(bytes()).hasSize(1);
  }

  private OperatorProcess operator() throws IOException {
    String token =
        OperatorIdentity.token(
            client,
            HelmRelease.NAMESPACE,
            client
                .apps()
                .deployments()
                .inNamespace(HelmRelease.NAMESPACE)
                .withName(HelmRelease.NAME)
                .require()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getServiceAccountName());
    Path kubeconfig =
        Files.writeString(
            directory.resolve("operator.kubeconfig"),
            Files.readString(cluster.kubeconfig()).replaceFirst("token: .*", "token: " + token));
    return OperatorProcess.start(
        kubeconfig,
        directory.resolve("operator.log"),
        "--operator-namespace",
        HelmRelease.NAMESPACE);
  }

  private void run(List<String> commands) throws IOException, InterruptedException {
    Path values = withDirectory();
    Path sample = withLocalServer();
    for (String command : commands) {
      String line =
          command
              .replace(VALUES.toString(), values.toString())
              .replace(SAMPLE.toString(), sample.toString());
      if (line.startsWith("helm ")) {
        HelmCommand.run(line, ReadmeCommands.ROOT, cluster.kubeconfig());
      } else {
        shell(line);
      }
    }
  }

  private void shell(String line) throws IOException, InterruptedException {
    Path kubectl = KubectlProcess.find(cluster.kubeconfig(), "default").program();
    Path output = Files.createTempFile(directory, "command", ".log");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", line)
            .directory(ReadmeCommands.ROOT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("KUBECONFIG", cluster.kubeconfig().toString());
    builder.environment().merge("PATH", kubectl.getParent() + ":", (path, dir) -> dir + path);
    Process process = builder.start();
    boolean ended = process.waitFor(MOST_MINUTES, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertThat(ended && process.waitFor() == 0)
        .as("%s%n%s", line, Files.readString(output, StandardCharsets.UTF_8))
        .isTrue();
  }

  /** The values of the example, with a directory in place of a volume. */
  private Path withDirectory() throws IOException {
    String values = Files.readString(ReadmeCommands.ROOT.resolve(VALUES));
    String changed =
        values
            .replaceFirst("(?s)\\n    claim:.*", "\n")
            .replaceFirst(
                "\n      default: true\n",
                "\n      default: true\n      filesystem: {path: %s}\n".formatted(stored));
    assertThat(changed).contains("filesystem").doesNotContain("claim");
    return Files.writeString(directory.resolve("values.yaml"), changed);
  }

  /** The sample, with a local web server in place of the publisher's. */
  private Path withLocalServer() throws IOException {
    Disk disk = Disk.qcow2();
    web.on("/debian.qcow2", WebResponses.bytes(disk));
    String sample = Files.readString(ReadmeCommands.ROOT.resolve(SAMPLE));
    String changed =
        sample
            .replaceFirst(
                "\n      url: https://.*\n", "\n      url: " + web.url("/debian.qcow2") + "\n")
            .replaceFirst("\n  checksum: .*\n", "\n  checksum: " + disk.checksum() + "\n");
    assertThat(changed).contains("127.0.0.1").contains(disk.checksum());
    return Files.writeString(directory.resolve("image.yaml"), changed);
  }

  /** The files with the bytes of images. */
  private List<Path> bytes() throws IOException {
    try (Stream<Path> files = Files.walk(stored)) {
      return files.filter(file -> file.getFileName().toString().equals("disk")).toList();
    }
  }

  private List<String> fieldManagers(String definition) {
    return client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(definition)
        .require()
        .getMetadata()
        .getManagedFields()
        .stream()
        .map(entry -> entry.getManager())
        .toList();
  }

  private static int indexOf(List<String> commands, String beginning) {
    for (int i = 0; i < commands.size(); i++) {
      if (commands.get(i).startsWith(beginning)) {
        return i;
      }
    }
    throw new AssertionError(beginning + " is not among " + commands);
  }
}
