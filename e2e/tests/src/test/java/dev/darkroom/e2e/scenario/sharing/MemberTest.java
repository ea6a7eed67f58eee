package dev.darkroom.e2e.scenario.sharing;

import static dev.darkroom.e2e.scenario.ConditionPredicates.condition;
import static dev.darkroom.e2e.scenario.ConditionPredicates.message;
import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static dev.darkroom.e2e.scenario.ConditionPredicates.resting;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.Acceptance;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageMemberSpec;
import dev.darkroom.api.ImageMemberSpecBuilder;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.MemberCounts;
import dev.darkroom.api.ObjectReference;
import dev.darkroom.api.OperatingSystem;
import dev.darkroom.api.Visibility;
import dev.darkroom.e2e.scenario.KubectlProcess;
import dev.darkroom.e2e.scenario.SharingScenario;
import dev.darkroom.e2e.scenario.Tenant;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lifecycle of a member: offered, answered, revoked, deleted. */
class MemberTest extends SharingScenario {

  private static final int MAX_MEMBERS = 128;

  @BeforeEach
  void aStore() throws IOException {
    defaultStore();
  }

  @Test
  void offerIsAnnouncedAcceptedAndRevoked() {
    Image image =
        owned(
            "fedora",
            spec ->
                spec.visibility(Visibility.SHARED)
                    .os(new OperatingSystem("fedora", "42", "x86_64", "linux")));
    tenant.createMember("team", ImageMemberSpec.offer("fedora", other.namespace()));

    ImageMember offered = tenant.await(ImageMember.class, "team", resting("Offered"));
    assertThat(other.awaitEvent(other.namespace(), "ImageOffered"))
        .contains("Namespace " + tenant.namespace() + " offers its Image fedora")
        .contains("kubectl patch imgm -n " + tenant.namespace() + " team --type merge");
    assertThat(other.exists(Image.class, "fedora")).isFalse();
    tenant.await(Image.class, "fedora", members(1, 0, 0));
    assertThat(condition(tenant.image("fedora"), "Published").orElseThrow())
        .satisfies(
            published -> {
              assertThat(published.getStatus()).isEqualTo("True");
              assertThat(published.getReason()).isEqualTo("Shared");
              assertThat(published.getMessage()).contains(other.namespace());
            });
    assertThat(offered.getStatus().link()).isNull();

    tenant.setAcceptance("team", Acceptance.ACCEPTED);

    Image link = other.await(Image.class, "fedora", ready());
    assertThat(link.getStatus().digest()).isEqualTo(image.getStatus().digest());
    assertThat(link.getSpec().os().distro()).isEqualTo("fedora");
    ImageMember accepted = tenant.await(ImageMember.class, "team", ready());
    assertThat(accepted.getStatus().link()).isEqualTo(new ObjectReference("fedora"));
    tenant.await(Image.class, "fedora", members(0, 1, 0));

    tenant.delete(ImageMember.class, "team");

    tenant.awaitGone(ImageMember.class, "team");
    other.awaitGone(Image.class, "fedora");
    tenant.await(Image.class, "fedora", members(0, 0, 0));
    assertThat(condition(tenant.image("fedora"), "Published").orElseThrow().getStatus())
        .isEqualTo("False");
  }

  @Test
  void commandInTheEventAcceptsTheOffer() throws IOException, InterruptedException {
    KubectlProcess kubectl = KubectlProcess.find(cluster.kubeconfig(), other.namespace());
    owned("fedora", Visibility.SHARED);
    tenant.createMember("team", ImageMemberSpec.offer("fedora", other.namespace()));
    String told = other.awaitEvent(other.namespace(), "ImageOffered");
    String command = told.substring(told.indexOf("kubectl ") + "kubectl ".length());

    kubectl.run(command.replace("'", "").split(" "));

    other.await(Image.class, "fedora", ready());
  }

  @Test
  void changedAnswerUpdatesLinks() {
    owned("fedora", Visibility.SHARED);
    tenant.createMember("team", ImageMemberSpec.offer("fedora", other.namespace()));
    other.createImage("mine", linkTo("fedora").build());
    other.await(Image.class, "mine", ready());
    tenant.setAcceptance("team", Acceptance.ACCEPTED);
    other.await(Image.class, "fedora", ready());

    tenant.setAcceptance("team", Acceptance.REJECTED);

    tenant.await(ImageMember.class, "team", resting("Rejected"));
    other.awaitGone(Image.class, "fedora");
    other.await(Image.class, "mine", reconciling("AccessRevoked"));
    tenant.await(Image.class, "fedora", members(0, 0, 1));

    tenant.setAcceptance("team", Acceptance.ACCEPTED);

    other.await(Image.class, "fedora", ready());
    other.await(Image.class, "mine", ready());

    tenant.setAcceptance("team", Acceptance.PENDING);

    other.awaitGone(Image.class, "fedora");
    assertThat(other.image("mine")).as("link of a pending member").matches(ready());
  }

  @Test
  void recreatedMemberRestoresLinks() {
    owned("fedora", Visibility.SHARED);
    tenant.createMember("team", ImageMemberSpec.offer("fedora", other.namespace()));
    other.createImage("mine", linkTo("fedora").build());
    other.await(Image.class, "mine", ready());

    tenant.delete(ImageMember.class, "team");
    other.await(Image.class, "mine", reconciling("AccessRevoked"));

    tenant.createMember("again", ImageMemberSpec.offer("fedora", other.namespace()));
    other.await(Image.class, "mine", ready());
  }

  @Test
  void visibilityChangeRevokesAndRestoresAccess() {
    owned("fedora", Visibility.SHARED);
    tenant.createMember("team", accepted("fedora"));
    other.await(Image.class, "fedora", ready());

    tenant.change("fedora", spec -> spec.visibility(Visibility.PRIVATE));

    tenant.await(ImageMember.class, "team", resting("ImageNotShared"));
    other.awaitGone(Image.class, "fedora");

    tenant.change("fedora", spec -> spec.visibility(Visibility.SHARED));

    tenant.await(ImageMember.class, "team", ready());
    other.await(Image.class, "fedora", ready());
  }

  @Test
  void deletedLinkIsRecreated() {
    owned("fedora", Visibility.SHARED);
    tenant.createMember("team", accepted("fedora"));
    String uid = other.await(Image.class, "fedora", ready()).getMetadata().getUid();

    other.delete(Image.class, "fedora");

    other.await(
        Image.class,
        "fedora",
        that("recreated", i -> ready().test(i) && !i.getMetadata().getUid().equals(uid)));
  }

  @Test
  void takenLinkNameIsReported() {
    owned("fedora", Visibility.SHARED);
    other.createImage("fedora", ImageSpecBuilder.builder().build());
    tenant.createMember("team", accepted("fedora"));

    assertThat(message(tenant.await(ImageMember.class, "team", resting("NameTaken"))))
        .contains("spec.linkName");
    assertThat(other.image("fedora").getSpec().source()).isNull();
    tenant.createMember(
        "named", ImageMemberSpecBuilder.builder(accepted("fedora")).linkName("golden").build());
    other.await(Image.class, "golden", ready());

    other.delete(Image.class, "fedora");

    tenant.await(ImageMember.class, "team", ready());
    other.await(Image.class, "fedora", ready());
  }

  @Test
  void memberIsDeletedWithItsImage() {
    owned("fedora", Visibility.SHARED);
    tenant.createMember("team", accepted("fedora"));
    other.await(Image.class, "fedora", ready());

    tenant.delete(Image.class, "fedora");

    tenant.awaitGone(Image.class, "fedora");
    tenant.awaitGone(ImageMember.class, "team");
    other.awaitGone(Image.class, "fedora");
    owned("fedora", Visibility.SHARED);
    assertThat(other.exists(Image.class, "fedora")).isFalse();
  }

  @Test
  void memberWaitsForAMissingImage() {
    tenant.createMember("team", accepted("fedora"));
    tenant.await(ImageMember.class, "team", resting("ImageNotVisible"));

    owned("fedora", Visibility.SHARED);

    tenant.await(ImageMember.class, "team", ready());
    other.await(Image.class, "fedora", ready());
  }

  @Test
  void memberIsDeletedWithItsNamespace() {
    owned("fedora", Visibility.SHARED);
    tenant.createMember("team", accepted("fedora"));
    other.await(Image.class, "fedora", ready());

    removeNamespace(other.namespace());

    tenant.awaitGone(ImageMember.class, "team");
    tenant.await(Image.class, "fedora", members(0, 0, 0));
    assertThat(tenant.awaitEvent("fedora", "NamespaceMissing")).contains(other.namespace());
    createNamespace(other.namespace());
    other.createImage("mine", linkTo("fedora").build());
    other.await(Image.class, "mine", reconciling("ImageNotVisible"));

    tenant.createMember("again", accepted("fedora"));

    other.await(Image.class, "mine", ready());
    other.await(Image.class, "fedora", ready());
  }

  @Test
  void memberWaitsForAMissingNamespace() {
    String later = other.namespace() + "-later";
    owned("fedora", Visibility.SHARED);
    tenant.createMember("team", ImageMemberSpec.offer("fedora", later));
    tenant.await(ImageMember.class, "team", resting("NamespaceMissing"));

    createNamespace(later);

    tenant.await(ImageMember.class, "team", resting("Offered"));
    removeNamespace(later);
    tenant.awaitGone(ImageMember.class, "team");
  }

  @Test
  void ownerNamespaceIsDeletedWithItsMembers() {
    owned("fedora", Visibility.SHARED);
    tenant.createMember("team", accepted("fedora"));
    other.await(Image.class, "fedora", ready());

    removeNamespace(tenant.namespace());

    other.awaitGone(Image.class, "fedora");
  }

  @Test
  void youngestMembersBeyondTheLimitAreIgnored() {
    tenant.createImage("fedora", ImageSpecBuilder.builder().visibility(Visibility.SHARED).build());
    IntStream.rangeClosed(1, MAX_MEMBERS)
        .forEach(
            i ->
                tenant.createMember(
                    "m%03d".formatted(i), ImageMemberSpec.offer("fedora", "no" + i)));
    Tenant.awaiting("a later creation second")
        .until(
            () -> {
              tenant.createMember("z-probe", ImageMemberSpec.offer("nothing", "no"));
              String first =
                  tenant.get(ImageMember.class, "m128").getMetadata().getCreationTimestamp();
              String now =
                  tenant.get(ImageMember.class, "z-probe").getMetadata().getCreationTimestamp();
              tenant.delete(ImageMember.class, "z-probe");
              tenant.awaitGone(ImageMember.class, "z-probe");
              return now.compareTo(first) > 0;
            });

    tenant.createMember("late", accepted("fedora"));

    assertThat(message(tenant.await(ImageMember.class, "late", resting("TooManyMembers"))))
        .contains("128");
    tenant.delete(ImageMember.class, "m007");
    tenant.await(ImageMember.class, "late", ready());
    assertThat(other.exists(Image.class, "fedora")).isTrue();
  }

  private ImageMemberSpec accepted(String image) {
    return ImageMemberSpecBuilder.builder(ImageMemberSpec.offer(image, other.namespace()))
        .acceptance(Acceptance.ACCEPTED)
        .build();
  }

  private void removeNamespace(String name) {
    cluster.client().namespaces().withName(name).delete();
    Tenant.awaiting("deletion of the namespace")
        .until(() -> cluster.client().namespaces().withName(name).get() == null);
  }

  private void createNamespace(String name) {
    cluster
        .client()
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
  }

  private static Predicate<Image> members(int pending, int accepted, int rejected) {
    List<MemberCounts> wanted = List.of(new MemberCounts(pending, accepted, rejected));
    return that(
        "with members " + wanted,
        image -> image.getStatus() != null && wanted.contains(image.getStatus().members()));
  }
}
