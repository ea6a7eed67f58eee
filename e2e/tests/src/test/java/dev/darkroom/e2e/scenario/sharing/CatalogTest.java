package dev.darkroom.e2e.scenario.sharing;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.resting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.api.Acceptance;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageMemberSpec;
import dev.darkroom.api.ImageMemberSpecBuilder;
import dev.darkroom.api.PublicImage;
import dev.darkroom.api.Visibility;
import dev.darkroom.cli.Darkroom;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.SharingScenario;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.e2e.scenario.TestServiceAccount;
import dev.darkroom.e2e.scenario.WebResponses;
import dev.darkroom.e2e.scenario.access.TwoTenants;
import dev.darkroom.e2e.scenario.cluster.ServerKind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Output of {@code darkroom catalog} for a user with only the permissions of the chart's roles. */
class CatalogTest extends SharingScenario {

  private static final String RBAC = "rbac.authorization.k8s.io";
  private static final String VIEWER = "darkroom-viewer";
  private static final String READER = "reader";

  private final List<HasMetadata> made = new ArrayList<>();

  /** The result of one run of the command. */
  private record Run(int code, List<String> out, List<String> err) {}

  @BeforeEach
  void createImagesOfEachKind() throws IOException {
    defaultStore();
    owned("private", Visibility.PRIVATE);
    owned("offered", Visibility.SHARED);
    owned("accepted", Visibility.SHARED);
    owned("rejected", Visibility.SHARED);
    owned("community", Visibility.COMMUNITY);
    owned("linked", Visibility.COMMUNITY);
    owned("public", Visibility.PUBLIC);
    owned("hidden", spec -> spec.visibility(Visibility.PUBLIC).hidden(true));
    offer("offered", Acceptance.PENDING);
    offer("accepted", Acceptance.ACCEPTED);
    offer("rejected", Acceptance.REJECTED);
    web.on("/own", WebResponses.bytes(Disk.qcow2()));
    other.createImage("own", from("/own").build());
    other.createImage("my-hidden", from("/own").hidden(true).build());
    other.createImage("my-link", linkTo("linked").build());
    for (String name : List.of("own", "my-hidden", "my-link", "accepted")) {
      other.await(Image.class, name, ready());
    }
    tenant.await(ImageMember.class, "offered", resting("Offered"));
    Tenant.awaiting("the entry of the public image")
        .until(
            () ->
                cluster
                        .client()
                        .resources(PublicImage.class)
                        .withName(tenant.namespace() + ".public")
                        .get()
                    != null);
  }

  @AfterEach
  void removeRoles() {
    made.forEach(object -> cluster.client().resource(object).delete());
  }

  @Test
  void viewerSeesVisibleImagesAndTheReason() throws Exception {
    Run run = catalog(viewer(), "-n", other.namespace());

    assertThat(run.code()).isZero();
    assertThat(seen(run))
        .containsExactlyElementsOf(
            kind == ServerKind.REAL
                ? List.of(
                    "own - own",
                    "accepted %/accepted shared, accepted",
                    "my-link %/linked link",
                    "public %/public public")
                : List.of(
                    "own - own",
                    "accepted %/accepted shared, accepted",
                    "my-link %/linked link",
                    "offered %/offered shared, pending",
                    "public %/public public"));
    // The embedded server has no authorization: every list is complete, without a warning.
    assertThat(run.err()).hasSize(kind == ServerKind.REAL ? 1 : 0);
  }

  @Test
  void theCatalogNamesTheListsThatAViewerMayNotRead() throws Exception {
    assumeTrue(kind == ServerKind.REAL, "the embedded API server has no authorization");
    Path viewer = viewer();

    assertThat(catalog(viewer, "-n", other.namespace()).err())
        .singleElement()
        .asString()
        .contains("kubectl get events -n " + other.namespace());
    assertThat(seen(catalog(viewer, "-n", other.namespace(), "--hidden")))
        .contains("my-hidden - own");
    Run strange = catalog(viewer, "-n", tenant.namespace());
    assertThat(strange.code()).isEqualTo(1);
    assertThat(strange.out()).isEmpty();
    assertThat(strange.err())
        .singleElement()
        .asString()
        .contains("cannot list resource \"images\"");

    allowListOffers();
    Tenant.awaiting("permission to list offers")
        .untilAsserted(
            () -> {
              Run more = catalog(viewer, "-n", other.namespace());
              assertThat(seen(more)).contains("offered %/offered shared, pending").hasSize(5);
              assertThat(more.err()).isEmpty();
            });
  }

  private void offer(String image, Acceptance answer) {
    tenant.createMember(
        image,
        ImageMemberSpecBuilder.builder(ImageMemberSpec.offer(image, other.namespace()))
            .acceptance(answer)
            .build());
  }

  /** The kubeconfig of a ServiceAccount with role view in the other namespace. */
  private Path viewer() throws IOException {
    if (kind == ServerKind.EMBEDDED) {
      return cluster.kubeconfig();
    }
    for (HasMetadata manifest : TwoTenants.manifests(cluster.client(), "roles")) {
      if (manifest instanceof ClusterRole || manifest instanceof ClusterRoleBinding) {
        made.add(cluster.client().resource(manifest).forceConflicts().serverSideApply());
      }
    }
    make(
        new RoleBindingBuilder()
            .withNewMetadata()
            .withNamespace(other.namespace())
            .withName(READER)
            .endMetadata()
            .withNewRoleRef(RBAC, "ClusterRole", VIEWER)
            .addNewSubject("", "ServiceAccount", READER, other.namespace())
            .build());
    return TestServiceAccount.of(cluster, other, READER, directory);
  }

  private void allowListOffers() {
    make(
        new ClusterRoleBindingBuilder()
            .withNewMetadata()
            .withName(READER + "-of-" + other.namespace())
            .endMetadata()
            .withNewRoleRef(RBAC, "ClusterRole", VIEWER)
            .addNewSubject("", "ServiceAccount", READER, other.namespace())
            .build());
  }

  private void make(HasMetadata object) {
    made.add(cluster.client().resource(object).create());
  }

  private Run catalog(Path kubeconfig, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-classpath",
                System.getProperty("java.class.path"),
                Darkroom.class.getName(),
                "catalog",
                "--kubeconfig",
                kubeconfig.toString()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(directory, "catalog-", ".out");
    Path err = Files.createTempFile(directory, "catalog-", ".err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    process.getOutputStream().close();
    return new Run(process.waitFor(), Files.readAllLines(out), Files.readAllLines(err));
  }

  /** The first three columns of the tenant's images; other scenarios may have public images. */
  private List<String> seen(Run run) {
    return run.out().stream()
        .skip(1)
        .map(line -> line.split(" {3,}"))
        .map(cells -> String.join(" ", cells[0], cells[1], cells[2]))
        .filter(line -> line.contains(" - ") || line.contains(tenant.namespace() + "/"))
        .map(line -> line.replace(tenant.namespace() + "/", "%/"))
        .toList();
  }
}
