package dev.darkroom.e2e.scenario;

import static dev.darkroom.e2e.scenario.States.ready;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageMemberSpec;
import dev.darkroom.api.ImageSource;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.PublicImage;
import dev.darkroom.api.SecretReference;
import dev.darkroom.api.Visibility;
import dev.darkroom.api.WebSourceSpec;
import dev.darkroom.e2e.scenario.cluster.ServerKind;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The operator does its work with the role that is made for it, and is refused nothing. */
class LeastPrivilegeTest extends SharingScenario {

  private final List<String> refusals = new CopyOnWriteArrayList<>();
  private TwoTenants tenants;

  @Override
  KubernetesClient connect() {
    assumeTrue(kind == ServerKind.REAL, "the embedded API server asks nobody who they are");
    try {
      tenants = TwoTenants.on(cluster);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tenants.connect(Person.OPERATOR, refusals::add);
  }

  @AfterEach
  void moveOut() {
    // What it still does when its role goes would be refused.
    stopOperator();
    if (tenants != null) {
      tenants.close();
    }
  }

  @Test
  void anImageComesIsOfferedPublishedAndGoes() throws IOException {
    StoreDirectory store = defaultStore();
    web.on("/fedora", Answers.bytes(Disk.qcow2()));
    secret("mirror");
    bindInOther(Person.MEMBER, "edit");
    tenant.createImage(
        "fedora",
        ImageSpecBuilder.builder()
            .source(
                ImageSource.of(
                    new WebSourceSpec(web.url("/fedora"), new SecretReference("mirror"), null)))
            .visibility(Visibility.SHARED)
            .build());
    tenant.await(Image.class, "fedora", ready());

    tenant.createMember("team", ImageMemberSpec.offer("fedora", other.namespace()));
    other.awaitEvent(other.namespace(), "ImageOffered");
    Tenant.awaiting("leave to answer").until(() -> may("patch", "imagemembers", "team"));
    tenants
        .as(Person.MEMBER)
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
    Tenant.awaiting("the end of access").until(() -> !may("get", "images", "fedora"));

    tenant.change("fedora", spec -> spec.visibility(Visibility.PUBLIC));
    Tenant.awaiting("the catalogue's entry").until(() -> isInCatalogue("fedora"));

    tenant.delete(Image.class, "fedora");
    tenant.awaitGone(Image.class, "fedora");
    Tenant.awaiting("the end of the entry").until(() -> !isInCatalogue("fedora"));
    tenant.delete(ImageMember.class, "team");
    tenant.awaitGone(ImageMember.class, "team");
    tenant.delete(ImageStore.class, store.name());
    tenant.awaitGone(ImageStore.class, store.name());

    assertThat(refusals).isEmpty();
  }

  /** Whether the member's people may do something to one object of the owner's. */
  private boolean may(String verb, String resource, String name) {
    ResourceAttributes what = TwoTenants.may(verb, resource, tenant.namespace());
    what.setName(name);
    return tenants.allows(Person.MEMBER, what);
  }

  private void bindInOther(Person person, String role) {
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
