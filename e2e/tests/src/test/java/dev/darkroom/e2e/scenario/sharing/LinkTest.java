package dev.darkroom.e2e.scenario.sharing;

import static dev.darkroom.e2e.scenario.ConditionPredicates.message;
import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static dev.darkroom.e2e.scenario.ConditionPredicates.resting;
import static dev.darkroom.e2e.scenario.ConditionPredicates.stalled;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImagePhase;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.LinkTarget;
import dev.darkroom.api.Visibility;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.SharingScenario;
import dev.darkroom.e2e.scenario.SteppedResponse;
import dev.darkroom.e2e.scenario.StoreDirectory;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Links: images whose source is a visible image. */
class LinkTest extends SharingScenario {

  private StoreDirectory store;

  @BeforeEach
  void aStore() throws IOException {
    store = defaultStore();
  }

  @Test
  void linkHasTheStatusOfItsRootAndNoCopies() {
    Image root = owned("fedora", Visibility.PRIVATE);
    List<String> content = store.content();
    int asked = web.requests().size();

    tenant.createImage("golden", linkTo("fedora").build());

    Image link = tenant.await(Image.class, "golden", ready());
    assertThat(link.getStatus().digest()).isEqualTo(root.getStatus().digest());
    assertThat(link.getStatus().size()).isEqualTo(root.getStatus().size());
    assertThat(link.getStatus().stores()).isEqualTo(root.getStatus().stores());
    assertThat(link.getStatus().phase()).isEqualTo(ImagePhase.ACTIVE);
    assertThat(link.getStatus().link()).isEqualTo(target(root));
    assertThat(message(link)).contains(tenant.namespace() + "/fedora");
    assertThat(tenant.imports()).hasSize(1);
    assertThat(store.content()).isEqualTo(content);
    assertThat(web.requests()).hasSize(asked);
    tenant.await(
        ImageStore.class, store.name(), that("with one image", s -> s.getStatus().images() == 1));

    tenant.delete(Image.class, "golden");
    tenant.awaitGone(Image.class, "golden");
    assertThat(store.content()).isEqualTo(content);
  }

  @Test
  void linkWaitsForItsRoot() {
    tenant.createImage("golden", linkTo("fedora").build());
    Image waiting = tenant.await(Image.class, "golden", reconciling("ImageNotVisible"));
    assertThat(message(waiting)).contains("fedora");
    SteppedResponse response = new SteppedResponse(Disk.qcow2());
    web.on("/fedora", response);
    tenant.createImage("fedora", from("/fedora").build());
    tenant.await(Image.class, "golden", reconciling("ImageNotReady"));

    response.sendAll();

    tenant.await(Image.class, "golden", ready());
  }

  @Test
  void linkFollowsTheVisibilityOfItsRoot() {
    owned("fedora", Visibility.PRIVATE);
    other.createImage("golden", linkTo("fedora").build());
    other.createImage("community", linkTo("nothing").build());
    Image stranger = other.await(Image.class, "golden", reconciling("ImageNotVisible"));
    Image missing = other.await(Image.class, "community", reconciling("ImageNotVisible"));
    assertThat(message(stranger).replace("fedora", "nothing"))
        .as("message for an invisible and for a missing image")
        .isEqualTo(message(missing));

    tenant.change("fedora", spec -> spec.visibility(Visibility.COMMUNITY));
    other.await(Image.class, "golden", ready());

    tenant.change("fedora", spec -> spec.visibility(Visibility.PRIVATE));
    Image revoked = other.await(Image.class, "golden", reconciling("AccessRevoked"));
    assertThat(revoked.getStatus().stores()).isEmpty();
    assertThat(other.awaitEvent("golden", "AccessRevoked")).contains(tenant.namespace(), "fedora");

    tenant.change("fedora", spec -> spec.visibility(Visibility.PUBLIC));
    other.await(Image.class, "golden", ready());
  }

  @Test
  void linkToALinkOfALinkIsRefused() {
    Image root = owned("fedora", Visibility.COMMUNITY);
    other.createImage("first", linkTo("fedora").build());
    other.createImage("second", linkTo(other, "first").build());
    other.createImage("third", linkTo(other, "second").build());

    Image second = other.await(Image.class, "second", ready());
    Image third = other.await(Image.class, "third", stalled("InvalidSource"));

    assertThat(second.getStatus().link()).isEqualTo(target(root));
    assertThat(message(third)).contains("second");
    tenant.change("fedora", spec -> spec.visibility(Visibility.PRIVATE));
    other.await(Image.class, "second", reconciling("AccessRevoked"));
  }

  @Test
  void linkCyclesAreRefused() {
    tenant.createImage("self", linkTo("self").build());
    tenant.createImage("hen", linkTo("egg").build());
    tenant.createImage("egg", linkTo("hen").build());

    assertThat(message(tenant.await(Image.class, "self", stalled("InvalidSource"))))
        .contains("itself");
    tenant.await(Image.class, "hen", stalled("InvalidSource"));
    tenant.await(Image.class, "egg", stalled("InvalidSource"));
    assertThat(tenant.imports()).isEmpty();
  }

  @Test
  void linkAcceptsARecreatedRootOnlyWithTheSameDigest() {
    Disk disk = Disk.qcow2(3);
    Image first = owned("fedora", disk, spec -> spec.visibility(Visibility.COMMUNITY));
    other.createImage("golden", linkTo("fedora").build());
    other.await(Image.class, "golden", ready());

    removeRoot();
    other.await(Image.class, "golden", reconciling("ImageNotVisible"));
    Image again = owned("fedora", disk, spec -> spec.visibility(Visibility.COMMUNITY));
    other.await(
        Image.class,
        "golden",
        that("linked again", i -> ready().test(i) && target(again).equals(i.getStatus().link())));

    removeRoot();
    owned("fedora", Disk.qcow2(7), spec -> spec.visibility(Visibility.COMMUNITY));
    Image changed = other.await(Image.class, "golden", stalled("DigestChanged"));
    assertThat(changed.getStatus().digest()).isEqualTo(first.getStatus().digest());

    removeRoot();
    owned("fedora", disk, spec -> spec.visibility(Visibility.COMMUNITY));
    other.await(Image.class, "golden", ready());
  }

  @Test
  void deactivatedRootDisablesItsLinks() {
    owned("fedora", Visibility.COMMUNITY);
    other.createImage("golden", linkTo("fedora").build());
    other.await(Image.class, "golden", ready());

    tenant.change("fedora", spec -> spec.deactivated(true));

    Image root = tenant.await(Image.class, "fedora", resting("ImageDeactivated"));
    assertThat(root.getStatus().phase()).isEqualTo(ImagePhase.DEACTIVATED);
    other.await(Image.class, "golden", reconciling("ImageDeactivated"));
    other.createImage("copy", linkTo("fedora").stores(List.of(store.name())).build());
    other.await(Image.class, "copy", reconciling("ImageDeactivated"));

    tenant.change("fedora", spec -> spec.deactivated(false));

    tenant.await(Image.class, "fedora", ready());
    other.await(Image.class, "golden", ready());
    other.await(Image.class, "copy", ready());
  }

  @Test
  void copyFromAnotherNamespaceHasItsOwnBytes() {
    Image root = owned("fedora", Visibility.PRIVATE);
    other.createImage("copy", linkTo("fedora").stores(List.of(store.name())).build());
    other.await(Image.class, "copy", reconciling("ImageNotVisible"));

    tenant.change("fedora", spec -> spec.visibility(Visibility.COMMUNITY));

    Image copy = other.await(Image.class, "copy", ready());
    assertThat(copy.getStatus().link()).isNull();
    assertThat(store.disk(copy)).hasSameBinaryContentAs(store.disk(root));
    removeRoot();
    assertThat(other.image("copy")).matches(ready());
    assertThat(store.disk(copy)).isRegularFile();
  }

  @Test
  void linkCannotBecomeACopy() {
    owned("fedora", Visibility.PRIVATE);
    tenant.createImage("golden", linkTo("fedora").build());
    tenant.await(Image.class, "golden", ready());

    tenant.change("golden", spec -> spec.stores(List.of(store.name())));
    tenant.await(Image.class, "golden", stalled("InvalidSource"));

    tenant.change("golden", spec -> spec.stores(List.of()));
    tenant.await(Image.class, "golden", ready());
  }

  @Test
  void checksumOfALinkIsVerified() {
    owned("fedora", Visibility.PRIVATE);

    tenant.createImage("golden", linkTo("fedora").checksum("sha256:" + "0".repeat(64)).build());

    tenant.await(Image.class, "golden", stalled("ChecksumMismatch"));
  }

  private void removeRoot() {
    tenant.delete(Image.class, "fedora");
    tenant.awaitGone(Image.class, "fedora");
  }

  private static LinkTarget target(Image root) {
    return new LinkTarget(
        root.getMetadata().getNamespace(),
        root.getMetadata().getName(),
        root.getMetadata().getUid());
  }
}
