package dev.darkroom.e2e.scenario.access;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.stalled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.api.BundleReference;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageMemberSpec;
import dev.darkroom.api.ImageSource;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.NamespaceSelector;
import dev.darkroom.api.PublicImage;
import dev.darkroom.api.SecretReference;
import dev.darkroom.api.Visibility;
import dev.darkroom.api.WebSourceSpec;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.OperatorProcess;
import dev.darkroom.e2e.scenario.SharingScenario;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.e2e.scenario.WebResponses;
import dev.darkroom.e2e.scenario.cluster.OperatorIdentity;
import dev.darkroom.e2e.scenario.cluster.Permissions;
import dev.darkroom.e2e.scenario.cluster.ServerKind;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The operator works with its roles: no request is denied, and each permission is used. RBAC is
 * additive: if one rule alone grants a used permission, the request would be denied without it.
 */
class LeastPrivilegeTest extends SharingScenario {

  /**
   * Permissions checked by the API server itself, so that no request shows them: by an admission
   * policy, for role bindings, and for owner references.
   */
  private static final Set<String> CHECKED_BY_THE_SERVER =
      Set.of(
          "operate darkroom.dev/images",
          "get darkroom.dev/images",
          "get darkroom.dev/images/content",
          "get darkroom.dev/imagemembers",
          "update darkroom.dev/imagemembers",
          "update darkroom.dev/images/finalizers");

  /** Read again after a conflict. */
  private static final Set<String> AFTER_A_CONFLICT =
      Set.of("get darkroom.dev/imagestores", "get darkroom.dev/imageimports");

  private static final String OPERATOR = TestUser.OPERATOR.user();

  private TwoTenants tenants;
  private OperatorProcess operator;

  @Override
  protected KubernetesClient connect() {
    assumeTrue(kind == ServerKind.REAL, "the embedded API server does not authenticate");
    try {
      tenants = TwoTenants.on(cluster);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return super.connect();
  }

  @BeforeEach
  void bindOperatorRole() throws IOException {
    stopOperator();
    String[] account = OPERATOR.split(":");
    client()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(account[2]).endMetadata().build())
        .serverSideApply();
    client()
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace(account[2])
                .withName(account[3])
                .endMetadata()
                .build())
        .serverSideApply();
    client()
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withNamespace(tenants.owner())
                .withName("operator")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", "darkroom-operator")
                .addNewSubject("rbac.authorization.k8s.io", "User", OPERATOR, null)
                .build())
        .create();
    String token = OperatorIdentity.token(client(), account[2], account[3]);
    operator =
        OperatorProcess.start(
            "pod",
            Files.writeString(
                directory.resolve("kubeconfig"),
                Files.readString(cluster.kubeconfig())
                    .replaceFirst("token: .*", "token: " + token)),
            directory.resolve("operator.log"),
            "--leader-election",
            "ON",
            "--operator-namespace",
            tenants.owner(),
            "--probe-interval",
            "PT1S");
    secret("mirror");
  }

  @AfterEach
  void removeTenants() {
    if (operator != null) {
      operator.close();
    }
    if (tenants != null) {
      tenants.close();
    }
  }

  @Test
  void usesEachPermissionAndIsNeverDenied() throws IOException {
    List<String> given = Permissions.given(OperatorIdentity.ROLES);
    assertThat(given).as("permissions granted by more than one rule").doesNotHaveDuplicates();
    int refusedBefore = Permissions.refused(log(), OPERATOR).size();

    runEveryFeature();

    assertThat(Permissions.refused(log(), OPERATOR).stream().skip(refusedBefore)).isEmpty();
    Set<String> unseen = new TreeSet<>(given);
    unseen.removeAll(Permissions.used(log(), OPERATOR));
    unseen.removeAll(CHECKED_BY_THE_SERVER);
    unseen.removeAll(AFTER_A_CONFLICT);
    assertThat(unseen).as("unused permissions").isEmpty();
  }

  @Test
  void missingPermissionIsDenied() throws IOException {
    defaultStore();
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    bindInOther(TestUser.MEMBER, "edit");
    List<String> rights = new ArrayList<>(new TreeSet<>(CHECKED_BY_THE_SERVER));
    rights.addAll(
        List.of(
            "get /secrets",
            "create darkroom.dev/imageimports",
            "update darkroom.dev/imageimports/status",
            "create rbac.authorization.k8s.io/rolebindings"));

    for (int i = 0; i < rights.size(); i++) {
      String permission = rights.get(i);
      String name = "image-" + i;
      int before = Permissions.refused(log(), OPERATOR).size();
      List<PolicyRule> rules = give(role -> without(role.getRules(), permission));
      Tenant.awaiting("removal of " + permission)
          .until(() -> !tenants.allows(TestUser.OPERATOR, attributes(permission)));

      tenant.createImage(name, withSecret("/fedora").visibility(Visibility.SHARED).build());
      tenant.createMember(name, ImageMemberSpec.offer(name, other.namespace()));

      Tenant.awaiting("a denied request without " + permission)
          .until(() -> Permissions.refused(log(), OPERATOR).size() > before);
      List<PolicyRule> unused = give(role -> rules);
      tenant.await(Image.class, name, ready());
    }
  }

  private void runEveryFeature() throws IOException {
    StoreDirectory store = defaultStore();
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    bindInOther(TestUser.MEMBER, "edit");
    tenant.createImage("fedora", withSecret("/fedora").visibility(Visibility.SHARED).build());
    tenant.await(Image.class, "fedora", ready());

    tenant.createMember("team", ImageMemberSpec.offer("fedora", other.namespace()));
    other.awaitEvent(other.namespace(), "ImageOffered");
    Tenant.awaiting("permission to answer").until(() -> may("patch", "imagemembers", "team"));
    tenants
        .as(TestUser.MEMBER)
        .resources(ImageMember.class)
        .inNamespace(tenant.namespace())
        .withName("team")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"acceptance\":\"Accepted\"}}");
    other.await(Image.class, "fedora", ready());
    assertThat(may("get", "images", "fedora")).isTrue();
    assertThat(may("get", "images/content", "fedora")).isTrue();
    assertThat(may("patch", "images", "fedora")).isFalse();

    tenant.change("fedora", spec -> spec.visibility(Visibility.PRIVATE));
    other.awaitGone(Image.class, "fedora");
    Tenant.awaiting("removal of access").until(() -> !may("get", "images", "fedora"));

    tenant.change("fedora", spec -> spec.visibility(Visibility.PUBLIC));
    Tenant.awaiting("the catalog entry").until(() -> isInCatalogue("fedora"));

    copiesAreMadeAndImportsExpire();
    repeatAnEvent();
    deleteAMember();
    tenant.delete(Image.class, "fedora");
    tenant.awaitGone(Image.class, "fedora");
    Tenant.awaiting("removal of the catalog entry").until(() -> !isInCatalogue("fedora"));
    tenant.delete(ImageMember.class, "team");
    tenant.awaitGone(ImageMember.class, "team");
    tenant.delete(ImageStore.class, store.name());
    tenant.awaitGone(ImageStore.class, store.name());
  }

  /** In a store with a namespace selector. */
  private void copiesAreMadeAndImportsExpire() throws IOException {
    Path path = Files.createDirectory(directory.resolve("second"));
    String second = tenant.namespace() + "-second";
    tenant.createStore(
        second, at(path).namespaces(new NamespaceSelector(Map.of(), List.of())).build());
    tenant.await(ImageStore.class, second, ready());
    tenant.createImage("record", ImageSpecBuilder.builder().build());
    tenant.createImport(
        "brings",
        importOf("record", "/fedora").stores(List.of(second)).ttlSecondsAfterFinished(1L).build());
    tenant.await(Image.class, "record", ready());
    tenant.awaitGone(ImageImport.class, "brings");
    tenant.delete(Image.class, "record");
    tenant.awaitGone(Image.class, "record");
    tenant.delete(ImageStore.class, second);
    tenant.awaitGone(ImageStore.class, second);
  }

  private void repeatAnEvent() {
    web.on("/gone", WebResponses.status(404));
    tenant.createImage(
        "gone",
        ImageSpecBuilder.builder()
            .source(
                ImageSource.of(
                    new WebSourceSpec(
                        web.url("/gone"), null, new BundleReference("authorities", "ca.crt"))))
            .build());
    tenant.awaitEvent("gone", "ConfigMapMissing");
    tenant.change("gone", spec -> spec.source(source("/gone")));
    tenant.await(Image.class, "gone", stalled("SourceNotFound"));
    tenant.edit(
        Image.class,
        "gone",
        image -> {
          image.getMetadata().setAnnotations(Map.of("darkroom.dev/retry", "1"));
          return image;
        });
    Tenant.awaiting("an Event that is counted")
        .until(
            () ->
                client().v1().events().inNamespace(tenant.namespace()).list().getItems().stream()
                    .anyMatch(event -> event.getCount() != null && event.getCount() > 1));
  }

  /** Deletes a member and its namespace. */
  private void deleteAMember() {
    Tenant brief = Tenant.create(client());
    tenant.createMember("brief", ImageMemberSpec.offer("fedora", brief.namespace()));
    tenant.change("fedora", spec -> spec.visibility(Visibility.SHARED));
    brief.awaitEvent(brief.namespace(), "ImageOffered");
    brief.close();
    tenant.awaitGone(ImageMember.class, "brief");
    tenant.change("fedora", spec -> spec.visibility(Visibility.PUBLIC));
    Tenant.awaiting("the catalog entry").until(() -> isInCatalogue("fedora"));
  }

  private KubernetesClient client() {
    return cluster.client();
  }

  private Path log() {
    return cluster.auditLog().orElseThrow();
  }

  private ImageSpecBuilder withSecret(String path) {
    return ImageSpecBuilder.builder()
        .source(
            ImageSource.of(new WebSourceSpec(web.url(path), new SecretReference("mirror"), null)));
  }

  /** Replaces the rules of the operator's role; returns the old rules. */
  private List<PolicyRule> give(Function<ClusterRole, List<PolicyRule>> rules) {
    List<PolicyRule> had = new ArrayList<>();
    client()
        .rbac()
        .clusterRoles()
        .withName("darkroom-operator")
        .edit(
            role -> {
              had.addAll(role.getRules());
              return new ClusterRoleBuilder(role).withRules(rules.apply(role)).build();
            });
    return had;
  }

  /** The rules without one permission. */
  private static List<PolicyRule> without(List<PolicyRule> had, String permission) {
    String verb = permission.substring(0, permission.indexOf(' '));
    String group = permission.substring(permission.indexOf(' ') + 1, permission.indexOf('/'));
    String resource = permission.substring(permission.indexOf('/') + 1);
    List<PolicyRule> rules = new ArrayList<>();
    for (PolicyRule rule : had) {
      for (String each : rule.getResources()) {
        List<String> verbs = new ArrayList<>(rule.getVerbs());
        if (rule.getApiGroups().contains(group) && each.equals(resource)) {
          verbs.remove(verb);
        }
        if (!verbs.isEmpty()) {
          rules.add(new PolicyRuleBuilder(rule).withResources(each).withVerbs(verbs).build());
        }
      }
    }
    return rules;
  }

  private static ResourceAttributes attributes(String permission) {
    String[] parts = permission.substring(permission.indexOf('/') + 1).split("/", 2);
    ResourceAttributes attributes = new ResourceAttributes();
    attributes.setVerb(permission.substring(0, permission.indexOf(' ')));
    attributes.setGroup(permission.substring(permission.indexOf(' ') + 1, permission.indexOf('/')));
    attributes.setResource(parts[0]);
    attributes.setSubresource(parts.length > 1 ? parts[1] : null);
    return attributes;
  }

  /** Whether the member's users have the permission for one object of the owner. */
  private boolean may(String verb, String resource, String name) {
    ResourceAttributes what = TwoTenants.may(verb, resource, tenant.namespace());
    what.setName(name);
    return tenants.allows(TestUser.MEMBER, what);
  }

  private void bindInOther(TestUser person, String role) {
    cluster
        .client()
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withNamespace(other.namespace())
                .withName("people")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                .addNewSubject("rbac.authorization.k8s.io", "User", person.user(), null)
                .build())
        .create();
  }

  private boolean isInCatalogue(String image) {
    return cluster.client().resources(PublicImage.class).list().getItems().stream()
        .anyMatch(
            entry ->
                entry.getSpec().namespace().equals(tenant.namespace())
                    && entry.getSpec().name().equals(image));
  }

  private void secret(String name) {
    cluster
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(tenant.namespace())
                .withName(name)
                .endMetadata()
                .addToStringData("token", "open-sesame")
                .build())
        .create();
  }
}
