package dev.darkroom.e2e.scenario.chart;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageSource;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.WebSourceSpec;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.KubectlProcess;
import dev.darkroom.e2e.scenario.OperatorProcess;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.e2e.scenario.WebResponses;
import dev.darkroom.e2e.scenario.cluster.ClusterUnderTest;
import dev.darkroom.e2e.scenario.cluster.FreshControlPlane;
import dev.darkroom.e2e.scenario.cluster.OperatorIdentity;
import dev.darkroom.testing.FaultyServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Install, upgrade and uninstall of the chart by Helm on a real API server. Nothing runs pods: the
 * operator is a process with the token of the pod's ServiceAccount.
 */
class ChartInstallTest {

  @TempDir static Path work;

  private static ClusterUnderTest cluster;
  private static KubernetesClient client;

  @TempDir Path directory;

  private HelmRelease release;
  private String values;

  @BeforeAll
  static void startControlPlane() throws IOException {
    var started = FreshControlPlane.start(work);
    assumeTrue(started.isPresent(), FreshControlPlane.missing());
    cluster = started.get();
    client = cluster.client();
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(HelmRelease.NAMESPACE)
                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                .endMetadata()
                .build())
        .create();
  }

  @AfterAll
  static void stopControlPlane() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @BeforeEach
  void writeValues() throws IOException {
    release = new HelmRelease(cluster.kubeconfig(), directory);
    values =
        """
        stores:
          kept:
            spec:
              default: true
              filesystem: {path: %s}
          gone:
            keep: false
            spec:
              s3: {bucket: images, endpoint: "http://127.0.0.1:1"}
            credentials: {accessKeyId: someone, secretAccessKey: something}
        """
            .formatted(Files.createDirectory(directory.resolve("kept")));
  }

  @AfterEach
  void uninstall() {
    release.uninstall();
    for (Class<? extends HasMetadata> kind : List.of(Image.class, ImageStore.class)) {
      for (HasMetadata left : client.resources(kind).inAnyNamespace().list().getItems()) {
        left.getMetadata().setFinalizers(List.of());
        client.resource(left).update();
        client.resource(left).delete();
      }
    }
  }

  @Test
  void installCreatesCrdsAndStores() throws IOException {
    client.apiextensions().v1().customResourceDefinitions().delete();

    release.install(values);

    assertThat(definitions()).containsExactlyInAnyOrderElementsOf(definitionsInTheChart());
    assertThat(stores()).containsExactly("gone", "kept");
    assertThat(deployment().getSpec().getTemplate().getSpec().getServiceAccountName())
        .isEqualTo("darkroom");
    assertThat(secret().getData()).containsOnlyKeys("accessKeyId", "secretAccessKey");
  }

  @Test
  void repeatedUpgradeChangesNothing() throws IOException {
    release.install(values);
    Map<String, String> before = contents();

    release.upgrade(values);

    assertThat(contents()).isEqualTo(before).isNotEmpty();
  }

  @Test
  void uninstallKeepsCrdsImagesAndKeptStores() throws IOException {
    release.install(values);
    client.resource(image("fedora", "http://127.0.0.1:1/fedora")).inNamespace("default").create();

    release.uninstall();

    assertThat(definitions()).containsExactlyInAnyOrderElementsOf(definitionsInTheChart());
    assertThat(stores()).containsExactly("kept");
    assertThat(client.resources(Image.class).inNamespace("default").withName("fedora").get())
        .isNotNull();
    assertThat(contents().keySet()).containsExactly("ImageStore/kept");
    assertThat(client.rbac().clusterRoles().list().getItems())
        .extracting(role -> role.getMetadata().getName())
        .noneMatch(name -> name.startsWith("darkroom"));

    release.install(values);

    assertThat(stores()).as("stores after the second install").containsExactly("gone", "kept");
  }

  @ParameterizedTest
  @ValueSource(strings = {"filesystem", "locked-down"})
  void podMeetsTheRestrictedPodSecurityStandard(String example) {
    var template = rendered(example).getSpec().getTemplate();
    // The cluster has no such class and no volumes.
    template.getSpec().setPriorityClassName(null);

    var admitted =
        client
            .resource(
                new PodBuilder()
                    .withNewMetadata()
                    .withName("operator")
                    .withNamespace(HelmRelease.NAMESPACE)
                    .withLabels(template.getMetadata().getLabels())
                    .endMetadata()
                    .withSpec(template.getSpec())
                    .build())
            .dryRun()
            .create();

    assertThat(admitted.getMetadata().getUid()).isNotEmpty();
  }

  @Test
  void operatorWorksWithItsServiceAccount() throws Exception {
    release.install(values);
    Disk disk = Disk.qcow2();

    try (FaultyServer web = FaultyServer.start();
        Tenant tenant = Tenant.create(client);
        OperatorProcess operator =
            OperatorProcess.start(
                kubeconfigOfTheOperator(),
                directory.resolve("operator.log"),
                "--operator-namespace",
                HelmRelease.NAMESPACE)) {
      web.on("/fedora", WebResponses.bytes(disk));
      tenant.await(ImageStore.class, "kept", ready());
      tenant.createImage(
          "fedora", ImageSpecBuilder.builder().source(web(web.url("/fedora"))).build());

      Image image = tenant.await(Image.class, "fedora", ready());

      assertThat(new StoreDirectory("kept", directory.resolve("kept")).disk(image))
          .hasBinaryContent(disk.bytes());
      tenant.awaitEvent("fedora", "Available");
      tenant.delete(Image.class, "fedora");
      tenant.awaitGone(Image.class, "fedora");
      client.resources(ImageStore.class).delete();
      tenant.awaitGone(ImageStore.class, "kept");
      tenant.awaitGone(ImageStore.class, "gone");
      assertThat(operator.log()).doesNotContainIgnoringCase("forbidden");
    }
  }

  @Test
  void operatorAcceptsEachFlagOfItsPod() throws IOException {
    List<String> flags =
        Stream.of("filesystem", "locked-down", "single")
            .map(ChartInstallTest::rendered)
            .map(pods -> pods.getSpec().getTemplate().getSpec().getContainers().get(0).getArgs())
            .flatMap(List::stream)
            .filter(argument -> argument.startsWith("--"))
            .map(argument -> argument.replaceFirst("=.*", "="))
            .toList();

    String help = OperatorProcess.help();

    assertThat(flags).contains("--health-port=").allMatch(help::contains);
  }

  @Test
  void crdsAreUpgradedManually() throws Exception {
    release.install(values);
    KubectlProcess kubectl = KubectlProcess.find(cluster.kubeconfig(), HelmRelease.NAMESPACE);
    String name = "imagestores.darkroom.dev";
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(name)
        .edit(
            crd -> {
              crd.getSpec().getNames().setShortNames(List.of("old"));
              return crd;
            });
    release.upgrade(values);
    assertThat(definition(name).getSpec().getNames().getShortNames()).containsExactly("old");

    for (int i = 0; i < 2; i++) {
      kubectl.run(
          "apply",
          "--server-side",
          "--force-conflicts",
          "-f",
          HelmRelease.CHART.resolve("crds").toString());
    }

    assertThat(definition(name).getSpec().getNames().getShortNames()).containsExactly("imgst");
    assertThat(stores()).contains("kept");
  }

  @Test
  void kustomizeBaseEqualsTheChart() throws Exception {
    KubectlProcess kubectl = KubectlProcess.find(cluster.kubeconfig(), HelmRelease.NAMESPACE);
    String base = HelmRelease.CHART.resolveSibling("kustomize").toString();

    try {
      kubectl.run("apply", "--server-side", "--validate=strict", "--force-conflicts", "-k", base);
      Map<String, String> once = contents();
      kubectl.run("apply", "--server-side", "--validate=strict", "--force-conflicts", "-k", base);

      assertThat(contents()).isEqualTo(once).containsKey("Deployment/darkroom");
    } finally {
      kubectl.run("delete", "--ignore-not-found", "-f", base + "/darkroom.yaml");
    }
    assertThat(contents()).isEmpty();
  }

  private Path kubeconfigOfTheOperator() throws IOException {
    String token =
        OperatorIdentity.token(
            client,
            HelmRelease.NAMESPACE,
            deployment().getSpec().getTemplate().getSpec().getServiceAccountName());
    return Files.writeString(
        directory.resolve("operator.kubeconfig"),
        Files.readString(cluster.kubeconfig()).replaceFirst("token: .*", "token: " + token));
  }

  private static Image image(String name, String url) {
    Image image = new Image();
    image.getMetadata().setName(name);
    image.setSpec(ImageSpecBuilder.builder().source(web(url)).build());
    return image;
  }

  private static ImageSource web(String url) {
    return ImageSource.of(WebSourceSpec.of(url));
  }

  /** The Deployment rendered from an example. */
  private static Deployment rendered(String example) {
    String manifests = HelmRelease.template(HelmRelease.NAMESPACE, HelmRelease.example(example));
    return Stream.of(manifests.split("(?m)^---$"))
        .filter(document -> document.contains("\nkind: Deployment\n"))
        .map(document -> Serialization.unmarshal(document, Deployment.class))
        .findFirst()
        .orElseThrow();
  }

  private static Deployment deployment() {
    return client
        .apps()
        .deployments()
        .inNamespace(HelmRelease.NAMESPACE)
        .withName(HelmRelease.NAME)
        .require();
  }

  private static Secret secret() {
    return client
        .secrets()
        .inNamespace(HelmRelease.NAMESPACE)
        .withName("darkroom-store-gone")
        .require();
  }

  private static List<String> stores() {
    return client.resources(ImageStore.class).list().getItems().stream()
        .filter(store -> !store.isMarkedForDeletion())
        .map(store -> store.getMetadata().getName())
        .sorted()
        .toList();
  }

  private static CustomResourceDefinition definition(String name) {
    return client.apiextensions().v1().customResourceDefinitions().withName(name).require();
  }

  private static List<String> definitions() {
    return client.apiextensions().v1().customResourceDefinitions().list().getItems().stream()
        .map(crd -> crd.getMetadata().getName())
        .toList();
  }

  private static List<String> definitionsInTheChart() throws IOException {
    try (var files = Files.list(HelmRelease.CHART.resolve("crds"))) {
      return files.map(file -> file.getFileName().toString().replaceFirst("[.]yaml$", "")).toList();
    }
  }

  /** All objects of the release, without Helm's own Secrets. */
  private static Map<String, String> contents() {
    Map<String, String> contents = new TreeMap<>();
    List<List<? extends HasMetadata>> lists =
        List.of(
            client.resources(ImageStore.class).list().getItems(),
            client.apps().deployments().inNamespace(HelmRelease.NAMESPACE).list().getItems(),
            client.serviceAccounts().inNamespace(HelmRelease.NAMESPACE).list().getItems(),
            client.services().inNamespace(HelmRelease.NAMESPACE).list().getItems(),
            client.configMaps().inNamespace(HelmRelease.NAMESPACE).list().getItems(),
            client.secrets().inNamespace(HelmRelease.NAMESPACE).list().getItems(),
            client.rbac().clusterRoles().list().getItems(),
            client.rbac().clusterRoleBindings().list().getItems(),
            client.rbac().roles().inNamespace(HelmRelease.NAMESPACE).list().getItems(),
            client.rbac().roleBindings().inNamespace(HelmRelease.NAMESPACE).list().getItems(),
            client
                .network()
                .v1()
                .networkPolicies()
                .inNamespace(HelmRelease.NAMESPACE)
                .list()
                .getItems(),
            client.admissionRegistration().v1().validatingAdmissionPolicies().list().getItems(),
            client
                .admissionRegistration()
                .v1()
                .validatingAdmissionPolicyBindings()
                .list()
                .getItems());
    for (List<? extends HasMetadata> list : lists) {
      for (HasMetadata object : list) {
        if (isOurs(object)) {
          contents.put(
              object.getKind() + "/" + object.getMetadata().getName(),
              DeclaredState.contentOf(object));
        }
      }
    }
    return contents;
  }

  private static boolean isOurs(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels != null
        && "darkroom".equals(labels.get("app.kubernetes.io/part-of"))
        && !object.isMarkedForDeletion();
  }
}
