package dev.darkroom.e2e.scenario.upgrade;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.api.FilesystemStoreSpec;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageSource;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ImageStoreSpecBuilder;
import dev.darkroom.api.WebSourceSpec;
import dev.darkroom.controller.ImageOperator;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.OperatorSettingsBuilder;
import dev.darkroom.e2e.RepositoryFiles;
import dev.darkroom.e2e.scenario.ConditionHistory;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.KubectlProcess;
import dev.darkroom.e2e.scenario.SteppedResponse;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.e2e.scenario.WebResponses;
import dev.darkroom.e2e.scenario.cluster.ClusterUnderTest;
import dev.darkroom.e2e.scenario.cluster.FreshControlPlane;
import dev.darkroom.testing.FaultyServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Follows {@code crds/VERSIONS.md} with a second API version: the commands of the document on a
 * real API server. The embedded server does not convert versions.
 */
class SecondVersionTest {

  private static final Path CRDS = RepositoryFiles.ROOT.resolve("crds");
  private static final Pattern COMMANDS =
      Pattern.compile("^ *```\\n(.*?)^ *```$", Pattern.MULTILINE | Pattern.DOTALL);

  @TempDir Path directory;

  @Test
  void versionsChangeWithoutDowntime() throws Exception {
    Optional<ClusterUnderTest> started =
        FreshControlPlane.start(Files.createDirectory(directory.resolve("cluster")));
    assumeTrue(started.isPresent(), FreshControlPlane.missing());
    try (ClusterUnderTest cluster = started.get();
        FaultyServer web = FaultyServer.start()) {
      run(cluster, web);
    }
  }

  private void run(ClusterUnderTest cluster, FaultyServer web) throws Exception {
    List<String> steps = steps();
    KubectlProcess kubectl = KubectlProcess.find(cluster.kubeconfig(), "default");
    try (Stream<Path> files = Files.list(CRDS)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
        kubectl.run("apply", "--server-side", "-f", file.toString());
      }
    }
    for (String name : List.of("images", "imageimports", "imagestores")) {
      kubectl.run("wait", "--for=condition=Established", "crd/" + name + ".darkroom.dev");
    }
    write("served", version("v1alpha1", true), version("v1beta1", false));
    write("stored", version("v1alpha1", false), version("v1beta1", true));
    write("alone", version("v1beta1", true));
    Disk disk = Disk.qcow2(1);
    SteppedResponse response = new SteppedResponse(disk);
    web.on("/disk", WebResponses.bytes(disk));
    web.on("/slow", response);
    try (Tenant tenant = Tenant.create(cluster.client());
        ConditionHistory history = ConditionHistory.of(cluster.client(), tenant.namespace())) {
      try (var client =
              new KubernetesClientBuilder()
                  .withConfig(Config.fromKubeconfig(cluster.kubeconfig().toFile()))
                  .build();
          ImageOperator operator = ImageOperator.start(client, settings())) {
        tenant.createStore(
            "main",
            ImageStoreSpecBuilder.builder()
                .isDefault(true)
                .filesystem(
                    new FilesystemStoreSpec(
                        Files.createDirectory(directory.resolve("main")).toString()))
                .build());
        tenant.await(ImageStore.class, "main", ready());
        create(tenant, "before", web.url("/disk"));
        tenant.await(Image.class, "before", ready());
        create(tenant, "slow", web.url("/slow"));
        response.awaitRequest();

        run(cluster, kubectl, steps.get(0));
        response.sendOne();
        assertThat(kubectl.run("get", "images.v1beta1.darkroom.dev", "-A")).contains("before");
        new KubectlProcess(kubectl.program(), kubectl.kubeconfig(), tenant.namespace())
            .run("apply", "-f", manifest(tenant, "late", web.url("/disk"), "v1beta1").toString());
        tenant.await(Image.class, "late", ready());

        run(cluster, kubectl, steps.get(1));
        response.sendOne();
        create(tenant, "new", web.url("/disk"));
        tenant.await(Image.class, "new", ready());
        assertThat(storedVersions(cluster)).containsExactly("v1alpha1", "v1beta1");

        run(cluster, kubectl, steps.get(2));
        response.sendOne();
        run(cluster, kubectl, steps.get(3));
        assertThat(storedVersions(cluster)).containsExactly("v1beta1");

        response.sendAll();
        tenant.await(Image.class, "slow", ready());
        tenant.await(Image.class, "before", ready());
        assertThat(web.requests()).as("requests").hasSize(4);
        assertNoRepeatedState(history);
      }
      run(cluster, kubectl, steps.get(4));
      Tenant.awaiting("removal of v1alpha1")
          .until(
              () ->
                  !cluster.client().raw("/apis/darkroom.dev/v1beta1").isEmpty()
                      && kubectl.run("get", "images", "-A", "-o", "yaml").contains("v1beta1"));
      assertThat(kubectl.run("get", "images", "-A")).contains("before", "slow", "late", "new");
      // The operator and the clean-up use v1alpha1.
      kubectl.run("apply", "--server-side", "--force-conflicts", "-f", file("stored").toString());
      Tenant.awaiting("restored v1alpha1")
          .ignoreExceptions()
          .until(() -> tenant.exists(Image.class, "before"));
    }
  }

  private static OperatorSettings settings() {
    return OperatorSettingsBuilder.builder(OperatorSettings.defaults().withLoopbackSources())
        .progressInterval(Duration.ofMillis(200))
        .build();
  }

  private static void create(Tenant tenant, String name, String url) {
    tenant.createImage(
        name, ImageSpecBuilder.builder().source(ImageSource.of(WebSourceSpec.of(url))).build());
  }

  private Path manifest(Tenant tenant, String name, String url, String version) throws IOException {
    return Files.writeString(
        directory.resolve(name + ".yaml"),
        """
        apiVersion: darkroom.dev/%s
        kind: Image
        metadata: {name: %s, namespace: %s}
        spec: {source: {web: {url: "%s"}}}
        """
            .formatted(version, name, tenant.namespace(), url));
  }

  /** No object returned to an earlier state. */
  private static void assertNoRepeatedState(ConditionHistory history) {
    for (Map.Entry<String, List<String>> object : history.states().entrySet()) {
      assertThat(new HashSet<>(object.getValue()))
          .as(object.getKey() + ": " + object.getValue())
          .hasSameSizeAs(object.getValue());
    }
  }

  private static List<String> storedVersions(ClusterUnderTest cluster) {
    return cluster
        .client()
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("images.darkroom.dev")
        .get()
        .getStatus()
        .getStoredVersions();
  }

  /** The commands of each step. */
  private static List<String> steps() throws IOException {
    List<String> steps = new ArrayList<>();
    Matcher matcher = COMMANDS.matcher(Files.readString(CRDS.resolve("VERSIONS.md")));
    while (matcher.find()) {
      steps.add(matcher.group(1));
    }
    assertThat(steps).hasSize(5);
    return steps;
  }

  private void run(ClusterUnderTest cluster, KubectlProcess kubectl, String step)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-e", "-c", step)
            .directory(directory.toFile())
            .redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", cluster.kubeconfig().toString());
    builder
        .environment()
        .merge("PATH", kubectl.program().getParent() + ":", (path, first) -> first + path);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(step + "\n" + output).isZero();
  }

  private static ObjectNode version(String name, boolean storage) throws IOException {
    ObjectNode version = (ObjectNode) crd().path("spec").path("versions").get(0);
    return version.put("name", name).put("storage", storage);
  }

  private Path write(String name, ObjectNode... versions) throws IOException {
    ObjectNode crd = crd();
    ArrayNode all = ((ObjectNode) crd.path("spec")).putArray("versions");
    List.of(versions).forEach(all::add);
    return Files.writeString(file(name), crd.toString());
  }

  private Path file(String name) {
    return directory.resolve("images-" + name + ".yaml");
  }

  private static ObjectNode crd() throws IOException {
    return (ObjectNode)
        Serialization.unmarshal(
            Files.readString(CRDS.resolve("images.darkroom.dev.yaml")), JsonNode.class);
  }
}
