package dev.darkroom.e2e.scenario.objects;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.resting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageStore;
import dev.darkroom.e2e.RepositoryFiles;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.KubectlProcess;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.e2e.scenario.WebResponses;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Applying unchanged manifests changes nothing, and the operator writes nothing. */
class ReapplyTest extends ImportScenario {

  private static final Path SAMPLES = RepositoryFiles.ROOT.resolve("samples");
  private static final Duration QUIET = Duration.ofSeconds(2);

  private KubectlProcess kubectl;

  @BeforeEach
  void findKubectl() {
    kubectl = KubectlProcess.find(cluster.kubeconfig(), tenant.namespace());
  }

  @Test
  void reapplyingSamplesChangesNothing() throws Exception {
    List<String> files = samples();
    try {
      applyAs("gitops", files);
      Map<String, String> before = awaitStable();
      assertThat(before).hasSizeGreaterThan(10);

      applyAs("gitops", files);

      assertThat(awaitStable()).isEqualTo(before);
    } finally {
      for (String file : files) {
        kubectl.run("delete", "--ignore-not-found", "--wait=false", "-f", file);
      }
    }
  }

  @Test
  void reapplyingReconciledObjectsChangesNothing() throws Exception {
    String manifests = live();
    for (List<String> how :
        List.of(List.of("--server-side", "--field-manager=argocd-controller"), List.<String>of())) {
      apply(how, List.of(manifests));
      tenant.await(Image.class, "fedora", ready());
      tenant.await(ImageImport.class, "debian", ready());
      tenant.await(ImageMember.class, "fedora", resting("NamespaceMissing"));
      Map<String, String> before = awaitStable();

      apply(how, List.of(manifests));

      assertThat(awaitStable()).isEqualTo(before);
    }
  }

  private void applyAs(String manager, List<String> files) throws Exception {
    apply(List.of("--server-side", "--field-manager=" + manager), files);
  }

  private void apply(List<String> how, List<String> files) throws Exception {
    kubectl.run(
        Stream.of(Stream.of("apply"), how.stream(), files.stream().flatMap(f -> Stream.of("-f", f)))
            .flatMap(part -> part)
            .toArray(String[]::new));
  }

  private static List<String> samples() throws IOException {
    try (Stream<Path> files = Files.walk(SAMPLES)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.startsWith(SAMPLES.resolve("gitops")))
          .map(Path::toString)
          .sorted()
          .toList();
    }
  }

  /** A store, images, an import and an offer, all with a final state. */
  private String live() throws IOException {
    StoreDirectory store = defaultStore();
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    return Files.writeString(
            directory.resolve("manifests.yaml"),
            """
            apiVersion: darkroom.dev/v1alpha1
            kind: Image
            metadata:
              name: fedora
              labels: {team: blue}
            spec:
              source: {web: {url: "%1$s"}}
              visibility: Shared
              stores: [%2$s]
              os: {distro: fedora, version: "44"}
              minDisk: 10Gi
            ---
            apiVersion: darkroom.dev/v1alpha1
            kind: Image
            metadata:
              name: debian
            spec: {}
            ---
            apiVersion: darkroom.dev/v1alpha1
            kind: ImageImport
            metadata:
              name: debian
            spec:
              imageRef: {name: debian}
              web: {url: "%1$s"}
            ---
            apiVersion: darkroom.dev/v1alpha1
            kind: ImageMember
            metadata:
              name: fedora
            spec:
              imageRef: {name: fedora}
              namespace: a-namespace-to-come
            """
                .formatted(web.url("/fedora"), store.name()))
        .toString();
  }

  /** The resource versions of all objects, once they are stable. */
  private Map<String, String> awaitStable() {
    AtomicReference<Map<String, String>> last = new AtomicReference<>(Map.of());
    Tenant.awaiting("quiet")
        .during(QUIET)
        .until(() -> last.getAndSet(versions()).equals(last.get()));
    return last.get();
  }

  private Map<String, String> versions() {
    KubernetesClient client = cluster.client();
    Map<String, String> versions = new TreeMap<>();
    Stream.of(
            client.resources(Image.class).inNamespace(tenant.namespace()).list().getItems(),
            client.resources(ImageImport.class).inNamespace(tenant.namespace()).list().getItems(),
            client.resources(ImageMember.class).inNamespace(tenant.namespace()).list().getItems(),
            client.resources(ImageStore.class).list().getItems(),
            client.v1().events().inNamespace(tenant.namespace()).list().getItems())
        .flatMap(List::stream)
        .map(HasMetadata.class::cast)
        .forEach(
            object ->
                versions.put(
                    object.getKind() + " " + object.getMetadata().getName(),
                    object.getMetadata().getGeneration()
                        + " "
                        + object.getMetadata().getResourceVersion()));
    return versions;
  }
}
