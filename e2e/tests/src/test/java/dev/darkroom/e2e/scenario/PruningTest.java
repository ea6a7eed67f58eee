package dev.darkroom.e2e.scenario;

import static dev.darkroom.e2e.scenario.States.message;
import static dev.darkroom.e2e.scenario.States.ready;
import static dev.darkroom.e2e.scenario.States.reconciling;
import static dev.darkroom.e2e.scenario.States.stalled;
import static dev.darkroom.e2e.scenario.States.that;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.Acceptance;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageMemberSpec;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.Visibility;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a tool deletes because it is not in Git any more goes, in whatever order and whatever it is
 * doing, and takes its bytes along.
 */
class PruningTest extends SharingScenario {

  /** What is deleted, in that order, without waiting for what was deleted before. */
  enum Order {
    STORE_FIRST(Step.STORE, Step.IMAGES, Step.IMPORTS, Step.MEMBERS),
    IMAGES_FIRST(Step.IMAGES, Step.IMPORTS, Step.MEMBERS, Step.STORE),
    IMPORTS_FIRST(Step.IMPORTS, Step.IMAGES, Step.STORE, Step.MEMBERS),
    MEMBERS_FIRST(Step.MEMBERS, Step.IMPORTS, Step.STORE, Step.IMAGES),
    NAMESPACE_FIRST(Step.NAMESPACE, Step.STORE),
    NAMESPACE_LAST(Step.STORE, Step.NAMESPACE),
    NAMESPACE_OF_THE_MEMBER_FIRST(
        Step.OTHER_NAMESPACE, Step.STORE, Step.MEMBERS, Step.IMAGES, Step.IMPORTS);

    @SuppressWarnings("ImmutableEnumChecker") // The list is.
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
  void everythingGoesInAnyOrder(Order order) throws IOException {
    everyState();

    order.steps.forEach(this::delete);

    awaitNothing();
    Tenant.awaiting("what is left in the store").until(store::content, List::isEmpty);
  }

  /**
   * Nothing hangs. Bytes may be left: an image that was deleted before its status named a store
   * does not know of the copy that its import has just made in a store that goes, too.
   */
  @ParameterizedTest
  @EnumSource(Order.class)
  void everythingGoesThatWasHardlyThere(Order order) throws IOException {
    store = defaultStore();
    create();

    order.steps.forEach(this::delete);

    awaitNothing();
  }

  @Test
  void whoDeletesTheStoreAndWaitsIsToldWhatFor() throws IOException {
    everyState();

    delete(Step.STORE);

    ImageStore kept = tenant.await(ImageStore.class, store.name(), reconciling("StoreInUse"));
    assertThat(message(kept))
        .contains("goes when no image has a copy in it any more")
        .contains(tenant.namespace() + "/ready")
        .doesNotContain("/failed", "/waits", "/link");
    assertThat(tenant.image("ready")).matches(ready(), "ready as before");
  }

  @Test
  void onlyWhatIsDeletedGoes() throws IOException {
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

  /** Images, imports, members and links, at rest and at work. */
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
    web.on("/slow", new Gate(Disk.qcow2()));
    web.on("/slow-too", new Gate(Disk.qcow2()));
    web.on("/fedora", Answers.bytes(Disk.qcow2()));
    tenant.createImage("ready", from("/fedora").build());
    tenant.createImage("importing", from("/slow").build());
    tenant.createImage("failed", from("/nothing").build());
    tenant.createImage("waits", from("/fedora").stores(List.of("later")).build());
    tenant.createImage("by-hand", ImageSpecBuilder.builder().build());
    tenant.createImport("by-hand", importOf("by-hand", "/slow-too").build());
    tenant.createImage("link", linkTo("ready").build());
    tenant.createImage("shared", from("/fedora").visibility(Visibility.SHARED).build());
    tenant.createMember("member", ImageMemberSpec.offer("shared", other.namespace()));
    tenant.answer("member", Acceptance.ACCEPTED);
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
    Tenant.awaiting("what hangs").until(this::left, List::isEmpty);
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
