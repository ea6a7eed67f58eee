package dev.darkroom.e2e.scenario.sharing;

import static dev.darkroom.e2e.scenario.ConditionPredicates.condition;
import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.api.Acceptance;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageMemberSpec;
import dev.darkroom.api.OperatingSystem;
import dev.darkroom.api.PublicImage;
import dev.darkroom.api.Visibility;
import dev.darkroom.e2e.scenario.ConditionPredicates;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.SharingScenario;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.e2e.scenario.TestServiceAccount;
import dev.darkroom.e2e.scenario.WebResponses;
import dev.darkroom.e2e.scenario.cluster.ServerKind;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Access to an image: Roles and RoleBindings, the catalog of public images, labels and conditions.
 */
class VisibilityTest extends SharingScenario {

  private static final String GRANT = "darkroom-image-fedora";
  private static final List<String> RECORD = List.of("images");
  private static final List<String> RECORD_AND_BYTES = List.of("images", "images/content");
  private static final String AUTHENTICATED = "system:authenticated";

  @BeforeEach
  void aStore() throws IOException {
    defaultStore();
  }

  @Test
  void communityImageIsReadableByAllUsers() {
    owned("fedora", Visibility.COMMUNITY);

    Role role = tenant.await(Role.class, GRANT, allows(RECORD_AND_BYTES));
    assertThat(role.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/managed-by", "darkroom")
        .containsEntry("darkroom.dev/image", "fedora");
    assertThat(role.getMetadata().getAnnotations().get("darkroom.dev/description"))
        .contains("fedora");
    assertThat(rule(role).getResourceNames()).containsExactly("fedora");
    assertThat(rule(role).getVerbs()).containsExactly("get");
    tenant.await(RoleBinding.class, GRANT, binds(AUTHENTICATED));
    assertPublished("True", "Community", "");

    tenant.change("fedora", spec -> spec.visibility(Visibility.PRIVATE));

    tenant.awaitGone(RoleBinding.class, GRANT);
    tenant.awaitGone(Role.class, GRANT);
    tenant.await(
        Image.class,
        "fedora",
        that(
            "private",
            i ->
                condition(i, "Published")
                    .filter(c -> c.getReason().equals("Private"))
                    .isPresent()));
  }

  @Test
  void deactivatedImageGrantsNoAccessToItsBytes() {
    owned("fedora", Visibility.PUBLIC);
    tenant.await(Role.class, GRANT, allows(RECORD_AND_BYTES));

    tenant.change("fedora", spec -> spec.deactivated(true));
    tenant.await(Role.class, GRANT, allows(RECORD));

    tenant.change("fedora", spec -> spec.deactivated(false));
    tenant.await(Role.class, GRANT, allows(RECORD_AND_BYTES));
  }

  @Test
  void deletedOrChangedAccessObjectsAreRestored() {
    owned("fedora", Visibility.COMMUNITY);
    tenant.await(RoleBinding.class, GRANT, binds(AUTHENTICATED));

    tenant.delete(Role.class, GRANT);
    tenant.await(Role.class, GRANT, allows(RECORD_AND_BYTES));
    tenant.delete(RoleBinding.class, GRANT);
    tenant.await(RoleBinding.class, GRANT, binds(AUTHENTICATED));
    tenant.edit(
        RoleBinding.class,
        GRANT,
        binding -> {
          binding.setSubjects(List.of(user("mallory")));
          return binding;
        });
    tenant.await(RoleBinding.class, GRANT, binds(AUTHENTICATED));
    tenant.edit(
        Role.class,
        GRANT,
        role -> {
          rule(role).setVerbs(List.of("get", "delete"));
          rule(role).setResourceNames(List.of());
          return role;
        });
    tenant.await(
        Role.class,
        GRANT,
        that("restored", role -> rule(role).getResourceNames().equals(List.of("fedora"))));
    assertThat(rule(tenant.get(Role.class, GRANT)).getVerbs()).containsExactly("get");
  }

  @Test
  void accessObjectsAreDeletedWithTheImage() {
    owned("fedora", Visibility.PUBLIC);
    tenant.await(RoleBinding.class, GRANT, binds(AUTHENTICATED));
    awaitEntry("fedora");

    tenant.delete(Image.class, "fedora");

    tenant.awaitGone(Image.class, "fedora");
    tenant.awaitGone(RoleBinding.class, GRANT);
    tenant.awaitGone(Role.class, GRANT);
    awaitNoEntry("fedora");
  }

  @Test
  void usersOfAMemberAreReadersOfItsNamespace() {
    String accounts = "system:serviceaccounts:" + other.namespace();
    owned("fedora", Visibility.SHARED);
    assertThat(tenant.exists(RoleBinding.class, GRANT)).isFalse();

    tenant.createMember("team", ImageMemberSpec.offer("fedora", other.namespace()));
    tenant.await(RoleBinding.class, GRANT, binds(accounts));

    allow(other, "reading", List.of("get", "list"), "rita");
    tenant.await(RoleBinding.class, GRANT, binds(accounts, "rita"));
    assertThat(tenant.exists(Role.class, "darkroom-member-team")).isFalse();

    allow(other, "making", List.of("*"), "mia");
    tenant.await(RoleBinding.class, GRANT, binds(accounts, "mia", "rita"));
    tenant.await(RoleBinding.class, "darkroom-member-team", binds("mia"));
    Role answering = tenant.get(Role.class, "darkroom-member-team");
    assertThat(rule(answering).getResources()).containsExactly("imagemembers");
    assertThat(rule(answering).getResourceNames()).containsExactly("team");
    assertThat(rule(answering).getVerbs()).containsExactly("get", "update", "patch");

    tenant.delete(RoleBinding.class, "darkroom-member-team");
    tenant.await(RoleBinding.class, "darkroom-member-team", binds("mia"));
    tenant.delete(Role.class, "darkroom-member-team");
    tenant.await(
        Role.class,
        "darkroom-member-team",
        that("restored", role -> role.getRules().equals(answering.getRules())));

    tenant.setAcceptance("team", Acceptance.REJECTED);
    other.delete(RoleBinding.class, "making");
    tenant.awaitGone(RoleBinding.class, "darkroom-member-team");
    tenant.await(RoleBinding.class, GRANT, binds(accounts, "rita"));
    other.delete(Role.class, "reading");
    tenant.await(RoleBinding.class, GRANT, binds(accounts));
  }

  @Test
  void serviceAccountsOfAMemberReadOnlyTheOfferedImage() throws IOException {
    assumeTrue(kind == ServerKind.REAL, "the embedded API server has no authorization");
    String accounts = "system:serviceaccounts:" + other.namespace();
    owned("fedora", Visibility.SHARED);
    owned("secret", Visibility.PRIVATE);
    tenant.createMember("team", ImageMemberSpec.offer("fedora", other.namespace()));
    tenant.await(RoleBinding.class, GRANT, binds(accounts));
    Path kubeconfig = TestServiceAccount.of(cluster, other, "robot", directory);
    try (KubernetesClient serviceAccount =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
            .build()) {
      var images = serviceAccount.resources(Image.class).inNamespace(tenant.namespace());
      Tenant.awaiting("permission to read")
          .ignoreExceptionsInstanceOf(KubernetesClientException.class)
          .until(() -> images.withName("fedora").get() != null);
      assertThat(serviceAccount.raw(content("fedora")))
          .as("permitted request for content")
          .isNull();
      List<ThrowingCallable> refused =
          List.of(
              images::list,
              () -> images.withName("secret").get(),
              () -> serviceAccount.raw(content("secret")),
              () -> images.withName("fedora").delete());
      assertThat(refused)
          .allSatisfy(
              deed ->
                  assertThatExceptionOfType(KubernetesClientException.class)
                      .isThrownBy(deed)
                      .returns(HttpURLConnection.HTTP_FORBIDDEN, e -> e.getCode()));
    }
  }

  private String content(String image) {
    return "/apis/darkroom.dev/v1alpha1/namespaces/%s/images/%s/content"
        .formatted(tenant.namespace(), image);
  }

  @Test
  void subjectsBeyondTheLimitAreReported() {
    owned("fedora", Visibility.SHARED);
    tenant.createMember("team", ImageMemberSpec.offer("fedora", other.namespace()));

    allow(other, "crowd", List.of("get"), users(4100));

    tenant.await(
        RoleBinding.class, GRANT, that("full", binding -> binding.getSubjects().size() == 4096));
    tenant.await(Image.class, "fedora", published("5 users and groups"));

    other.delete(RoleBinding.class, "crowd");
    tenant.await(
        Image.class, "fedora", published(other.namespace()).and(published("5 of").negate()));
  }

  @Test
  void catalogListsPublicImagesWithBytes() {
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    OperatingSystem os = new OperatingSystem("fedora", "42", "x86_64", "linux");
    tenant.createImage(
        "fedora",
        from("/missing").visibility(Visibility.PUBLIC).os(os).displayName("Fedora 42").build());
    tenant.await(Image.class, "fedora", ConditionPredicates.stalled("SourceNotFound"));
    assertThat(entry("fedora")).isNull();
    tenant.change("fedora", spec -> spec.source(source("/fedora")));
    Image image = tenant.await(Image.class, "fedora", ready());

    PublicImage entry = awaitEntry("fedora");
    assertThat(entry.getSpec().namespace()).isEqualTo(tenant.namespace());
    assertThat(entry.getSpec().name()).isEqualTo("fedora");
    assertThat(entry.getSpec().digest()).isEqualTo(image.getStatus().digest());
    assertThat(entry.getSpec().displayName()).isEqualTo("Fedora 42");
    assertThat(entry.getSpec().summary().os()).isEqualTo("fedora 42");
    assertThat(entry.getMetadata().getLabels()).containsEntry("darkroom.dev/os-distro", "fedora");

    tenant.change("fedora", spec -> spec.hidden(true));
    awaitNoEntry("fedora");
    tenant.change("fedora", spec -> spec.hidden(false));
    awaitEntry("fedora");
    tenant.change("fedora", spec -> spec.deactivated(true));
    awaitNoEntry("fedora");
    tenant.change("fedora", spec -> spec.deactivated(false));
    cluster.client().resource(awaitEntry("fedora")).delete();
    awaitEntry("fedora");
    tenant.change("fedora", spec -> spec.displayName("Fedora Linux 42"));
    Tenant.awaiting("the new name in the catalog")
        .until(() -> "Fedora Linux 42".equals(entry("fedora").getSpec().displayName()));
    tenant.change("fedora", spec -> spec.visibility(Visibility.COMMUNITY));
    awaitNoEntry("fedora");
  }

  @Test
  void catalogIsCleanedUpAtStart() {
    owned("fedora", Visibility.PUBLIC);
    awaitEntry("fedora");
    stopOperator();
    tenant.edit(
        Image.class,
        "fedora",
        image -> {
          image.getMetadata().setFinalizers(List.of());
          return image;
        });
    tenant.delete(Image.class, "fedora");
    tenant.awaitGone(Image.class, "fedora");

    startOperator(settings());

    awaitNoEntry("fedora");
  }

  @Test
  void imagesHaveLabelsOfTheirProperties() {
    owned(
        "fedora",
        spec ->
            spec.visibility(Visibility.COMMUNITY)
                .os(new OperatingSystem("fedora", "42 (beta)", "x86_64", null)));

    tenant.await(
        Image.class,
        "fedora",
        labelled(
            Map.of(
                "darkroom.dev/os-distro", "fedora",
                "darkroom.dev/os-version", "42--beta",
                "darkroom.dev/os-architecture", "x86_64",
                "darkroom.dev/disk-format", "qcow2",
                "darkroom.dev/visibility", "Community")));

    tenant.edit(
        Image.class,
        "fedora",
        image -> {
          image.getMetadata().getLabels().put("darkroom.dev/os-distro", "debian");
          image.getMetadata().getLabels().put("darkroom.dev/os-type", "bsd");
          image.getMetadata().getLabels().put("mine", "kept");
          return image;
        });
    tenant.change("fedora", spec -> spec.visibility(Visibility.PRIVATE));

    tenant.await(
        Image.class,
        "fedora",
        labelled(
            Map.of(
                "darkroom.dev/os-distro", "fedora",
                "darkroom.dev/visibility", "Private",
                "mine", "kept")));
    assertThat(tenant.image("fedora").getMetadata().getLabels())
        .doesNotContainKey("darkroom.dev/os-type");
  }

  private void assertPublished(String status, String reason, String message) {
    Condition published = condition(tenant.image("fedora"), "Published").orElseThrow();
    assertThat(published.getStatus()).isEqualTo(status);
    assertThat(published.getReason()).isEqualTo(reason);
    assertThat(published.getMessage()).contains(message);
  }

  /** Grants users these verbs on all images of a namespace. */
  private void allow(Tenant in, String name, List<String> verbs, String... users) {
    cluster
        .client()
        .resource(
            new RoleBuilder()
                .withNewMetadata()
                .withNamespace(in.namespace())
                .withName(name)
                .endMetadata()
                .addNewRule()
                .withApiGroups("darkroom.dev")
                .withResources("images")
                .withVerbs(verbs)
                .endRule()
                .build())
        .create();
    cluster
        .client()
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withNamespace(in.namespace())
                .withName(name)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", name)
                .withSubjects(Stream.of(users).map(VisibilityTest::user).toList())
                .build())
        .create();
  }

  private static String[] users(int count) {
    return IntStream.range(0, count).mapToObj(i -> "user-" + i).toArray(String[]::new);
  }

  private static Predicate<Image> published(String message) {
    return that(
        "Published: " + message,
        image ->
            condition(image, "Published")
                .filter(c -> c.getMessage().contains(message))
                .isPresent());
  }

  private static Subject user(String name) {
    return new Subject("rbac.authorization.k8s.io", "User", name, null);
  }

  private PublicImage entry(String image) {
    return cluster
        .client()
        .resources(PublicImage.class)
        .withName(tenant.namespace() + "." + image)
        .get();
  }

  private PublicImage awaitEntry(String image) {
    return Tenant.awaiting("an entry of the catalog")
        .until(() -> entry(image), found -> found != null);
  }

  private void awaitNoEntry(String image) {
    Tenant.awaiting("no entry of the catalog").until(() -> entry(image) == null);
  }

  private static PolicyRule rule(Role role) {
    return role.getRules().get(0);
  }

  private static Predicate<Role> allows(List<String> resources) {
    return that("allowing " + resources, role -> rule(role).getResources().equals(resources));
  }

  private static Predicate<RoleBinding> binds(String... names) {
    return that(
        "binding " + List.of(names),
        binding ->
            binding.getSubjects().stream().map(Subject::getName).toList().equals(List.of(names)));
  }

  private static Predicate<Image> labelled(Map<String, String> labels) {
    return that(
        "labelled " + labels,
        image ->
            image.getMetadata().getLabels() != null
                && image.getMetadata().getLabels().entrySet().containsAll(labels.entrySet()));
  }
}
