package dev.darkroom.e2e.scenario.objects;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.stalled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageStore;
import dev.darkroom.e2e.scenario.ConditionPredicates;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.KubectlProcess;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.WebResponses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users with kubectl: apply, wait, get, describe, annotate and delete. */
class KubectlScenarioTest extends ImportScenario {

  private KubectlProcess kubectl;
  private StoreDirectory store;

  @BeforeEach
  void findKubectlAndCreateStore() throws IOException {
    kubectl = KubectlProcess.find(cluster.kubeconfig(), tenant.namespace());
    store = defaultStore();
  }

  @Test
  void applyWaitGetAndDelete() throws IOException, InterruptedException {
    Disk disk = Disk.qcow2();
    web.on("/fedora.qcow2", WebResponses.bytes(disk));
    Path manifest =
        Files.writeString(
            directory.resolve("fedora.yaml"),
            """
            apiVersion: darkroom.dev/v1alpha1
            kind: Image
            metadata:
              name: fedora
            spec:
              source:
                web:
                  url: %s
              checksum: %s
            """
                .formatted(web.url("/fedora.qcow2"), disk.checksum()));

    assertThat(kubectl.run("apply", "-f", manifest.toString()))
        .contains("image.darkroom.dev/fedora created");
    assertThat(kubectl.run("wait", "--for=condition=Ready", "image/fedora", "--timeout=60s"))
        .contains("image.darkroom.dev/fedora condition met");
    Image image = tenant.image("fedora");
    assertThat(store.disk(image)).hasBinaryContent(disk.bytes());

    assertThat(lines(kubectl.run("get", "images")))
        .satisfiesExactly(
            header ->
                assertThat(words(header))
                    .containsExactly(
                        "NAME",
                        "FORMAT",
                        "SIZE",
                        "VIRTUAL",
                        "STORES",
                        "VISIBILITY",
                        "READY",
                        "PROGRESS",
                        "AGE"),
            line ->
                assertThat(words(line))
                    .startsWith(
                        "fedora", "qcow2", "256KiB", "1GiB", "1/1", "Private", "True", "Done"));
    assertThat(kubectl.run("get", "img", "-o", "wide")).contains(disk.checksum());
    assertThat(words(lines(kubectl.run("get", "imgimp")).get(1)))
        .startsWith(image.getStatus().importRef().name(), "fedora", "Succeeded", "Done", "1");
    tenant.await(
        ImageStore.class,
        store.name(),
        ConditionPredicates.that("with one image", s -> s.getStatus().images() == 1));
    assertThat(words(lines(kubectl.run("get", "imgst", store.name())).get(1)))
        .startsWith(store.name(), "filesystem", "true", "1", "256KiB");

    tenant.awaitEvent("fedora", "Available");
    assertThat(kubectl.run("describe", "image", "fedora"))
        .contains("Available", store.name())
        .containsPattern("Normal +Available");

    assertThat(kubectl.run("delete", "image", "fedora", "--timeout=60s")).contains("deleted");
    assertThat(store.content()).isEmpty();
  }

  @Test
  void getShowsTheReasonOfAFailure() throws IOException, InterruptedException {
    tenant.createImage("fedora", from("/nothing").build());

    kubectl.run("wait", "--for=condition=Stalled", "image/fedora", "--timeout=60s");

    assertThat(words(lines(kubectl.run("get", "images")).get(1)))
        .containsSubsequence("fedora", "0/1", "Private", "False", "SourceNotFound");
    tenant.awaitEvent("fedora", "SourceNotFound");
    assertThat(kubectl.run("describe", "image", "fedora"))
        .containsPattern("Warning +SourceNotFound");
  }

  @Test
  void annotationStartsANewImport() throws IOException, InterruptedException {
    tenant.createImage("fedora", from("/fedora").build());
    tenant.await(Image.class, "fedora", stalled("SourceNotFound"));
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));

    kubectl.run("annotate", "image", "fedora", "darkroom.dev/retry=1");

    tenant.await(Image.class, "fedora", ready());
  }

  private static List<String> lines(String output) {
    return output.lines().toList();
  }

  private static List<String> words(String line) {
    return List.of(line.trim().split(" +"));
  }
}
