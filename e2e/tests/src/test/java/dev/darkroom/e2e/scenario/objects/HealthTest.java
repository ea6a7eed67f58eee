package dev.darkroom.e2e.scenario.objects;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static dev.darkroom.e2e.scenario.ConditionPredicates.resting;
import static dev.darkroom.e2e.scenario.ConditionPredicates.stalled;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static dev.darkroom.e2e.scenario.gitops.Kstatus.CURRENT;
import static dev.darkroom.e2e.scenario.gitops.Kstatus.FAILED;
import static dev.darkroom.e2e.scenario.gitops.Kstatus.IN_PROGRESS;
import static dev.darkroom.e2e.scenario.gitops.Kstatus.TERMINATING;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.runtime.CelEvaluationException;
import dev.darkroom.api.Acceptance;
import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportSpecBuilder;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageMemberSpec;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ImageStoreSpecBuilder;
import dev.darkroom.api.Visibility;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.e2e.scenario.ConditionPredicates;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.SharingScenario;
import dev.darkroom.e2e.scenario.SteppedResponse;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.WebResponses;
import dev.darkroom.e2e.scenario.gitops.ArgoHealth;
import dev.darkroom.e2e.scenario.gitops.FluxHealth;
import dev.darkroom.e2e.scenario.gitops.Kstatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The status of an object in every state, by kstatus and by the samples for Argo CD and Flux. */
class HealthTest extends SharingScenario {

  private ArgoHealth argo;
  private FluxHealth flux;
  private StoreDirectory store;

  @Override
  protected OperatorSettings settings() {
    return quick().probeInterval(Duration.ofMillis(200)).build();
  }

  @BeforeEach
  void prepare() throws Exception {
    argo = ArgoHealth.ofTheSample();
    flux = FluxHealth.ofTheSample();
    store = defaultStore();
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
  }

  @Test
  void readyImages() throws Exception {
    StoreDirectory second = store("second");
    tenant.createImage("ready", from("/fedora").build());
    tenant.createImage("protected", from("/fedora").isProtected(true).build());
    tenant.createImage(
        "everywhere", from("/fedora").stores(List.of(store.name(), second.name())).build());
    tenant.createImage(
        "enough", from("/fedora").stores(List.of(store.name(), "later")).minAvailable(1).build());
    tenant.createImage("link", linkTo("ready").build());

    for (String name : List.of("ready", "protected", "everywhere", "enough", "link")) {
      expect(Image.class, name, ready(), CURRENT, "Healthy", CURRENT);
    }
    assertThat(tenant.image("enough").getMetadata().getManagedFields())
        .as("field manager of the status")
        .anyMatch(f -> f.getManager().equals("darkroom") && "status".equals(f.getSubresource()));
  }

  @Test
  void imagesInProgress() throws Exception {
    SteppedResponse response = new SteppedResponse(Disk.qcow2());
    web.on("/slow", response);
    web.on("/down", WebResponses.status(503));
    tenant.createImage("importing", from("/slow").build());
    tenant.createImage("retrying", from("/down").build());
    tenant.createImage("awaits-an-import", ImageSpecBuilder.builder().build());
    tenant.createImage("awaits-a-store", from("/fedora").stores(List.of("later")).build());
    tenant.createImage(
        "one-of-two", from("/fedora").stores(List.of(store.name(), "later")).build());
    tenant.createImage("link", linkTo("later").build());
    response.awaitRequest();

    expectProgress(Image.class, "importing", reconciling("Importing"));
    expectProgress(Image.class, "retrying", reconciling("SourceUnavailable"));
    expectProgress(Image.class, "awaits-an-import", resting("AwaitingImport"));
    expectProgress(Image.class, "awaits-a-store", reconciling("StoreMissing"));
    expectProgress(Image.class, "one-of-two", reconciling("StoreMissing"));
    expectProgress(Image.class, "link", reconciling("ImageNotVisible"));
  }

  @Test
  void failedImages() throws Exception {
    tenant.createImage("lost", from("/fedora").build());
    tenant.createImage("nothing-there", from("/nothing").build());
    tenant.createImage("itself", linkTo("itself").build());
    Image lost = tenant.await(Image.class, "lost", ready());

    Files.delete(store.disk(lost));
    tenant.edit(
        Image.class,
        "lost",
        now -> {
          now.getMetadata().setAnnotations(Map.of(ApiGroup.SCRUB_ANNOTATION, "now"));
          return now;
        });

    expect(Image.class, "nothing-there", stalled("SourceNotFound"), FAILED, "Degraded", FAILED);
    expect(Image.class, "itself", stalled("InvalidSource"), FAILED, "Degraded", FAILED);
    expect(Image.class, "lost", stalled("CopyCorrupt"), FAILED, "Degraded", FAILED);
  }

  @Test
  void suspendedImages() throws Exception {
    tenant.createImage("withheld", from("/fedora").deactivated(true).build());
    tenant.createImage("root", from("/fedora").build());
    tenant.createImage("link", linkTo("root").deactivated(true).build());
    tenant.createImage("suspended", ImageSpecBuilder.builder().build());
    tenant.createImport("suspended", importOf("suspended", "/fedora").suspend(true).build());

    for (String name : List.of("withheld", "link")) {
      expect(Image.class, name, resting("ImageDeactivated"), IN_PROGRESS, "Suspended", CURRENT);
    }
    // The image has no bytes because another object is suspended.
    expect(Image.class, "suspended", resting("Suspended"), IN_PROGRESS, "Suspended", IN_PROGRESS);
  }

  @Test
  void linksWithoutTheirRoot() throws Exception {
    tenant.createImage("root", from("/fedora").build());
    tenant.createImage("link", linkTo("root").build());
    tenant.await(Image.class, "link", ready());

    tenant.change("root", spec -> spec.deactivated(true));
    expectProgress(Image.class, "link", reconciling("ImageDeactivated"));

    tenant.delete(Image.class, "root");
    tenant.awaitGone(Image.class, "root");
    expectProgress(Image.class, "link", reconciling("ImageNotVisible"));
  }

  @Test
  void imports() throws Exception {
    SteppedResponse response = new SteppedResponse(Disk.qcow2());
    web.on("/slow", response);
    web.on("/down", WebResponses.status(503));
    for (String name : List.of("done", "running", "retrying", "failed", "suspended")) {
      tenant.createImage(name, ImageSpecBuilder.builder().build());
    }
    tenant.createImport("done", importOf("done", "/fedora").build());
    tenant.createImport("running", importOf("running", "/slow").build());
    tenant.createImport("waiting", importOf("running", "/slow").build());
    tenant.createImport("retrying", importOf("retrying", "/down").build());
    tenant.createImport("failed", importOf("failed", "/nothing").build());
    tenant.createImport("suspended", importOf("suspended", "/fedora").suspend(true).build());
    tenant.createImport("homeless", importOf("nothing", "/fedora").build());
    response.awaitRequest();

    expect(ImageImport.class, "done", ready(), CURRENT, "Healthy", CURRENT);
    expectProgress(ImageImport.class, "running", reconciling("Importing"));
    expectProgress(ImageImport.class, "waiting", reconciling("ImportInProgress"));
    expectProgress(ImageImport.class, "retrying", reconciling("SourceUnavailable"));
    expect(ImageImport.class, "failed", stalled("SourceNotFound"), FAILED, "Degraded", FAILED);
    expect(ImageImport.class, "suspended", resting("Suspended"), IN_PROGRESS, "Suspended", CURRENT);
    expectProgress(ImageImport.class, "homeless", reconciling("ImageNotVisible"));
  }

  @Test
  void finishedImportObservesChanges() throws Exception {
    tenant.createImage("done", ImageSpecBuilder.builder().build());
    tenant.createImport("done", importOf("done", "/fedora").build());
    tenant.await(ImageImport.class, "done", ready());

    suspend("done", true);

    expect(ImageImport.class, "done", observed(2), CURRENT, "Healthy", CURRENT);
  }

  @Test
  void waitingImportObservesChanges() throws Exception {
    web.on("/down", WebResponses.status(503));
    tenant.createImage("retrying", ImageSpecBuilder.builder().build());
    tenant.createImport("retrying", importOf("retrying", "/down").build());
    tenant.await(ImageImport.class, "retrying", reconciling("SourceUnavailable"));
    suspend("retrying", true);
    tenant.await(ImageImport.class, "retrying", resting("Suspended"));

    suspend("retrying", false);

    expectProgress(ImageImport.class, "retrying", observed(3));
  }

  @Test
  void stores() throws Exception {
    StoreDirectory away = store("away");
    Files.delete(away.path().resolve(".partial"));
    Files.delete(away.path());
    tenant.createImage("fedora", from("/fedora").build());
    tenant.await(Image.class, "fedora", ready());

    expect(ImageStore.class, store.name(), ready(), CURRENT, "Healthy", CURRENT);
    expectProgress(ImageStore.class, away.name(), reconciling("StoreUnavailable"));
    tenant.delete(ImageStore.class, store.name());
    expect(
        ImageStore.class,
        store.name(),
        reconciling("StoreInUse"),
        TERMINATING,
        "Progressing",
        IN_PROGRESS);
  }

  @Test
  void members() throws Exception {
    owned("shared", Visibility.SHARED);
    owned("private", Visibility.PRIVATE);
    tenant.createMember("answered", ImageMemberSpec.offer("shared", other.namespace()));
    tenant.createMember("early", ImageMemberSpec.offer("shared", "a-namespace-to-come"));
    tenant.createMember("private", ImageMemberSpec.offer("private", other.namespace()));
    tenant.setAcceptance("answered", Acceptance.ACCEPTED);

    expect(ImageMember.class, "answered", ready(), CURRENT, "Healthy", CURRENT);
    expectProgress(ImageMember.class, "early", resting("NamespaceMissing"));
    expectProgress(ImageMember.class, "private", resting("ImageNotShared"));
    tenant.setAcceptance("answered", Acceptance.PENDING);
    expect(ImageMember.class, "answered", resting("Offered"), IN_PROGRESS, "Suspended", CURRENT);
    tenant.setAcceptance("answered", Acceptance.REJECTED);
    expect(ImageMember.class, "answered", resting("Rejected"), IN_PROGRESS, "Suspended", CURRENT);
  }

  @Test
  void imageWithABlockedDeletion() throws Exception {
    tenant.createImage("fedora", from("/fedora").build());
    tenant.await(Image.class, "fedora", ready());
    Files.move(store.path(), store.path().resolveSibling("away"));

    tenant.delete(Image.class, "fedora");

    expect(Image.class, "fedora", reconciling("Deleting"), TERMINATING, "Progressing", IN_PROGRESS);
  }

  @Test
  void objectsWithoutAnOperator() throws Exception {
    tenant.createImage("ready", from("/fedora").build());
    tenant.await(Image.class, "ready", ready());
    stopOperator();

    tenant.change("ready", spec -> spec.stores(List.of(store.name(), "another")));
    tenant.createImage("new", from("/fedora").build());
    tenant.createImport("new", importOf("new", "/fedora").build());
    tenant.createMember("new", ImageMemberSpec.offer("new", other.namespace()));
    tenant.createStore(tenant.namespace() + "-new", at(directory).build());

    Predicate<HasMetadata> any = that("there", object -> true);
    expectProgress(Image.class, "ready", any);
    expectProgress(Image.class, "new", any);
    expectProgress(ImageImport.class, "new", any);
    expectProgress(ImageMember.class, "new", any);
    expectProgress(ImageStore.class, tenant.namespace() + "-new", any);
    assertThat(argo.of(json(tenant.image("new"))).message()).contains("see the object");
    assertThat(argo.of(json(tenant.image("ready"))).message()).contains("latest change");
  }

  @Test
  void storeObservesChanges() throws Exception {
    tenant.edit(
        ImageStore.class,
        store.name(),
        now -> {
          now.setSpec(ImageStoreSpecBuilder.builder(now.getSpec()).weight(5).build());
          return now;
        });

    expect(ImageStore.class, store.name(), observed(2), CURRENT, "Healthy", CURRENT);
  }

  private void suspend(String imageImport, boolean suspend) {
    tenant.edit(
        ImageImport.class,
        imageImport,
        now -> {
          now.setSpec(ImageImportSpecBuilder.builder(now.getSpec()).suspend(suspend).build());
          return now;
        });
  }

  private <T extends HasMetadata> void expectProgress(
      Class<T> kind, String name, Predicate<? super T> state) throws CelEvaluationException {
    expect(kind, name, state, IN_PROGRESS, "Progressing", IN_PROGRESS);
  }

  private <T extends HasMetadata> void expect(
      Class<T> kind,
      String name,
      Predicate<? super T> state,
      Kstatus verdict,
      String inArgo,
      Kstatus inFlux)
      throws CelEvaluationException {
    JsonNode object = json(tenant.await(kind, name, state));

    assertThat(Kstatus.of(object)).as("kstatus of %s", name).isEqualTo(verdict);
    assertThat(argo.of(object).status()).as("Argo CD on %s", name).isEqualTo(inArgo);
    assertThat(flux.of(object)).as("Flux on %s", name).isEqualTo(inFlux);
  }

  private JsonNode json(HasMetadata object) {
    return cluster.client().getKubernetesSerialization().convertValue(object, JsonNode.class);
  }

  private static Predicate<HasMetadata> observed(long generation) {
    return that(
        "observed in generation " + generation,
        object ->
            object.getMetadata().getGeneration() == generation
                && ConditionPredicates.condition(object, "Ready")
                    .filter(ready -> ready.getObservedGeneration() == generation)
                    .isPresent());
  }
}
