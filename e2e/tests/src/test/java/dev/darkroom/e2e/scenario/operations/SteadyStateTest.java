package dev.darkroom.e2e.scenario.operations;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static dev.darkroom.e2e.scenario.ConditionPredicates.resting;
import static dev.darkroom.e2e.scenario.ConditionPredicates.stalled;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageMemberSpec;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.e2e.scenario.WebResponses;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An idle operator writes nothing, and a restart changes nothing. */
class SteadyStateTest extends ImportScenario {

  private static final int PROBES = 8;

  private StoreDirectory store;

  @Override
  protected OperatorSettings settings() {
    return quick().probeInterval(Duration.ofMillis(200)).build();
  }

  @BeforeEach
  void createObjectsInEachState() throws IOException {
    store = defaultStore();
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    tenant.createImage("ready", from("/fedora").build());
    tenant.createImage("failed", from("/nothing").build());
    tenant.createImage("waits", ImageSpecBuilder.builder().build());
    tenant.createImage("lost", from("/fedora").stores(List.of("no-such-store")).build());
    tenant.createImage("by-hand", ImageSpecBuilder.builder().build());
    tenant.createImport("by-hand", importOf("by-hand", "/fedora").build());
    tenant.createImport("suspended", importOf("waits", "/fedora").suspend(true).build());
    tenant.createImport("homeless", importOf("no-such-image", "/fedora").build());
    tenant.createMember("member", ImageMemberSpec.offer("ready", "others"));
    tenant.await(Image.class, "ready", ready());
    tenant.await(Image.class, "failed", stalled("SourceNotFound"));
    tenant.await(Image.class, "waits", resting("Suspended"));
    tenant.await(Image.class, "lost", reconciling("StoreMissing"));
    tenant.await(Image.class, "by-hand", ready());
    tenant.await(ImageImport.class, "homeless", reconciling("ImageNotVisible"));
    tenant.await(ImageMember.class, "member", resting("ImageNotShared"));
    tenant.await(
        ImageStore.class, store.name(), that("with two images", s -> s.getStatus().images() == 2));
  }

  @Test
  void idleOperatorWritesNothing() {
    awaitProbes();
    Map<String, String> before = versions();

    awaitProbes();

    assertThat(versions()).isEqualTo(before);
  }

  @Test
  void restartWritesAndFetchesNothing() {
    awaitProbes();
    Map<String, String> before = versions();
    int requests = web.requests().size();
    stopOperator();

    startOperator(settings());

    awaitProbes();
    assertThat(versions()).isEqualTo(before);
    assertThat(web.requests()).hasSize(requests);
  }

  /** The resource versions of all objects, Events included. */
  private Map<String, String> versions() {
    KubernetesClient client = cluster.client();
    Map<String, String> versions = new TreeMap<>();
    Stream.of(
            client.resources(Image.class).inNamespace(tenant.namespace()).list().getItems(),
            client.resources(ImageImport.class).inNamespace(tenant.namespace()).list().getItems(),
            client.resources(ImageMember.class).inNamespace(tenant.namespace()).list().getItems(),
            client.v1().events().inNamespace(tenant.namespace()).list().getItems(),
            List.of(tenant.get(ImageStore.class, store.name())))
        .flatMap(List::stream)
        .map(HasMetadata.class::cast)
        .forEach(
            object ->
                versions.put(
                    object.getKind() + " " + object.getMetadata().getName(),
                    object.getMetadata().getResourceVersion()));
    return versions;
  }

  /** Waits for probes: each changes the modification time of the directory. */
  private void awaitProbes() {
    Path partials = store.path().resolve(".partial");
    Set<FileTime> seen = new HashSet<>();
    Tenant.awaiting("probes")
        .until(
            () -> {
              seen.add(Files.getLastModifiedTime(partials));
              return seen.size() > PROBES;
            });
  }
}
