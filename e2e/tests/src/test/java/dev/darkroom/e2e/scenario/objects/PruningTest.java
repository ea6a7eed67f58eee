package dev.darkroom.e2e.scenario.objects;

import static dev.darkroom.e2e.scenario.ConditionPredicates.message;
import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static dev.darkroom.e2e.scenario.ConditionPredicates.stalled;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.Acceptance;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageMemberSpec;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.Visibility;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.SharingScenario;
import dev.darkroom.e2e.scenario.SteppedResponse;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.e2e.scenario.WebResponses;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pruning by a GitOps tool: objects are deleted in any order and state, with their bytes. */
class PruningTest extends SharingScenario {

  /** The order of deletion; each object without waiting for the one before. */
  enum Order {
    STORE_FIRST(Step.STORE, Step.IMAGES, Step.IMPORTS, Step.MEMBERS),
    IMAGES_FIRST(Step.IMAGES, Step.IMPORTS, Step.MEMBERS, Step.STORE),
    IMPORTS_FIRST(Step.IMPORTS, Step.IMAGES, Step.STORE, Step.MEMBERS),
    MEMBERS_FIRST(Step.MEMBERS, Step.IMPORTS, Step.STORE, Step.IMAGES),
    NAMESPACE_FIRST(Step.NAMESPACE, Step.STORE),
    NAMESPACE_LAST(Step.STORE, Step.NAMESPACE),
    NAMESPACE_OF_THE_MEMBER_FIRST(
        Step.OTHER_NAMESPACE, Step.STORE, Step.MEMBERS, Step.IMAGES, Step.IMPORTS);

    @SuppressWarnings("ImmutableEnumChecker") // The list is immutable.
    private final List<Step> steps;

    Order(Step... steps) {
      this.steps = List.of(steps);
    }
  }

  private enum Step {
    STORE,
    IMAGES,
    IMPORTS,
    MEMBERS,
    NAMESPACE,
    OTHER_NAMESPACE
  }

  private static final List<String> IMAGES =
      List.of("ready", "importing", "failed", "waits", "by-hand", "link", "shared");

  private StoreDirectory store;

  @ParameterizedTest
  @EnumSource(Order.class)
  void objectsAreDeletedInAnyOrder(Order order) throws IOException {
    everyState();

    order.steps.forEach(this::delete);

    awaitNothing();
    Tenant.awaiting("an empty store").until(store::content, List::isEmpty);
  }

  /**
   * Objects deleted right after creation. All deletions end. Bytes may be left: an image deleted
   * before its status names a store does not know a copy made by its import.
   */
  @ParameterizedTest
  @EnumSource(Order.class)
  void newObjectsAreDeletedInAnyOrder(Order order) throws IOException {
    store = defaultStore();
    create();

    order.steps.forEach(this::delete);

    awaitNothing();
  }

  @Test
  void deletedStoreReportsTheImagesThatUseIt() throws IOException {
    everyState();

    delete(Step.STORE);

    ImageStore kept = tenant.await(ImageStore.class, store.name(), reconciling("StoreInUse"));
    assertThat(message(kept))
        .contains(tenant.namespace() + "/ready")
        .doesNotContain("/failed", "/waits", "/link");
    assertThat(tenant.image("ready")).matches(ready(), "ready as before");
  }

  @Test
  void otherObjectsAreKept() throws IOException {
    everyState();

    delete(Step.MEMBERS);
    tenant.awaitGone(ImageMember.class, "member");
    delete(Step.IMPORTS);
    tenant.awaitGone(ImageImport.class, "by-hand");

    tenant.await(Image.class, "by-hand", that("waiting", i -> i.getStatus().importRef() == null));
    assertThat(tenant.image("ready")).matches(ready());
    assertThat(tenant.image("shared")).matches(ready());
    assertThat(tenant.image("link")).matches(ready());
    assertThat(tenant.get(ImageStore.class, store.name())).matches(ready());
  }

  /** Creates images, imports, members and links, finished and in progress. */
  private void everyState() throws IOException {
    store = defaultStore();
    create();
    tenant.await(Image.class, "ready", ready());
    tenant.await(Image.class, "shared", ready());
    tenant.await(Image.class, "link", ready());
    tenant.await(Image.class, "importing", reconciling("Importing"));
    tenant.await(ImageImport.class, "by-hand", reconciling("Importing"));
    tenant.await(Image.class, "failed", stalled("SourceNotFound"));
    tenant.await(Image.class, "waits", reconciling("StoreMissing"));
    tenant.await(ImageMember.class, "member", ready());
    other.await(Image.class, "shared", ready());
  }

  private void create() {
    web.on("/slow", new SteppedResponse(Disk.qcow2()));
    web.on("/slow-too", new SteppedResponse(Disk.qcow2()));
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    tenant.createImage("ready", from("/fedora").build());
    tenant.createImage("importing", from("/slow").build());
    tenant.createImage("failed", from("/nothing").build());
    tenant.createImage("waits", from("/fedora").stores(List.of("later")).build());
    tenant.createImage("by-hand", ImageSpecBuilder.builder().build());
    tenant.createImport("by-hand", importOf("by-hand", "/slow-too").build());
    tenant.createImage("link", linkTo("ready").build());
    tenant.createImage("shared", from("/fedora").visibility(Visibility.SHARED).build());
    tenant.createMember("member", ImageMemberSpec.offer("shared", other.namespace()));
    tenant.setAcceptance("member", Acceptance.ACCEPTED);
  }

  private void delete(Step step) {
    switch (step) {
      case STORE -> tenant.delete(ImageStore.class, store.name());
      case IMAGES -> IMAGES.forEach(name -> tenant.delete(Image.class, name));
      case IMPORTS -> tenant.delete(ImageImport.class, "by-hand");
      case MEMBERS -> tenant.delete(ImageMember.class, "member");
      case NAMESPACE -> deleteNamespace(tenant);
      case OTHER_NAMESPACE -> deleteNamespace(other);
    }
  }

  private void deleteNamespace(Tenant of) {
    cluster.client().namespaces().withName(of.namespace()).delete();
  }

  private void awaitNothing() {
    tenant.awaitGone(ImageStore.class, store.name());
    Tenant.awaiting("deletion of all objects").until(this::left, List::isEmpty);
  }

  private List<String> left() {
    List<String> left = new ArrayList<>();
    for (Tenant each : List.of(tenant, other)) {
      Stream.of(Image.class, ImageImport.class, ImageMember.class)
          .flatMap(
              kind ->
                  cluster
                      .client()
                      .resources(kind)
                      .inNamespace(each.namespace())
                      .list()
                      .getItems()
                      .stream())
          .map(HasMetadata.class::cast)
          .map(object -> object.getKind() + " " + object.getMetadata().getName())
          .forEach(left::add);
    }
    return left;
  }
}
