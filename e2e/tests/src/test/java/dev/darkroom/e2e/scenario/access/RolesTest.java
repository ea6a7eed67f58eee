package dev.darkroom.e2e.scenario.access;

import static dev.darkroom.e2e.scenario.access.TestUser.ADMIN;
import static dev.darkroom.e2e.scenario.access.TestUser.EDITOR;
import static dev.darkroom.e2e.scenario.access.TestUser.MEMBER;
import static dev.darkroom.e2e.scenario.access.TestUser.OPERATOR;
import static dev.darkroom.e2e.scenario.access.TestUser.STRANGER;
import static dev.darkroom.e2e.scenario.access.TestUser.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The aggregated permissions of the default roles, checked by a SelfSubjectAccessReview of each
 * user.
 */
class RolesTest extends TwoTenantsScenario {

  private static final Set<TestUser> USERS =
      EnumSet.of(VIEWER, EDITOR, ADMIN, MEMBER, STRANGER, OPERATOR);

  /**
   * One row.
   *
   * @param verbs the verbs with the same users
   * @param resources the resources with the same users, in the owner's namespace
   * @param allowed the users of {@link #USERS} with the permission
   */
  record Permission(List<String> verbs, List<String> resources, Set<TestUser> allowed) {

    static Permission of(String verbs, String resources, TestUser... allowed) {
      Set<TestUser> users = EnumSet.noneOf(TestUser.class);
      users.addAll(Arrays.asList(allowed));
      return new Permission(List.of(verbs.split(" ")), List.of(resources.split(" ")), users);
    }

    @Override
    public String toString() {
      return String.join(", ", verbs) + " " + String.join(", ", resources) + ": " + allowed;
    }
  }

  static List<Permission> inTheNamespace() {
    return List.of(
        Permission.of(
            "get list watch", "images imageimports imagemembers", VIEWER, EDITOR, ADMIN, OPERATOR),
        Permission.of("get", "images/content", EDITOR, ADMIN, OPERATOR),
        Permission.of("create", "images imageimports", EDITOR, ADMIN, OPERATOR),
        Permission.of("create", "imagemembers", EDITOR, ADMIN),
        Permission.of("update", "images imageimports", EDITOR, ADMIN),
        Permission.of("update", "imagemembers", EDITOR, ADMIN, OPERATOR),
        Permission.of("patch delete", "images imageimports imagemembers", EDITOR, ADMIN, OPERATOR),
        Permission.of("deletecollection", "images imageimports imagemembers", EDITOR, ADMIN),
        Permission.of("communitize", "images", EDITOR, ADMIN),
        Permission.of("publicize", "images", ADMIN),
        Permission.of("operate", "images", OPERATOR),
        Permission.of("update", "images/status imageimports/status imagemembers/status", OPERATOR),
        Permission.of("patch", "images/status imageimports/status imagemembers/status"));
  }

  static List<Permission> inTheCluster() {
    return List.of(
        Permission.of(
            "get list watch",
            "publicimages imagestores",
            VIEWER,
            EDITOR,
            ADMIN,
            MEMBER,
            STRANGER,
            OPERATOR),
        Permission.of("create patch delete", "publicimages", OPERATOR),
        Permission.of("patch", "imagestores", OPERATOR),
        Permission.of("update", "imagestores/status", OPERATOR),
        Permission.of("update", "publicimages imagestores"),
        Permission.of("create delete", "imagestores"),
        Permission.of("list", "images imageimports imagemembers", OPERATOR),
        Permission.of("operate", "images", OPERATOR));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("inTheNamespace")
  void namespacedPermissionsOfEachUser(Permission permission) {
    check(permission, tenants.owner());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("inTheCluster")
  void clusterPermissionsOfEachUser(Permission permission) {
    check(permission, null);
  }

  private void check(Permission permission, String namespace) {
    List<String> wrong = new ArrayList<>();
    for (String verb : permission.verbs()) {
      for (String resource : permission.resources()) {
        for (TestUser user : USERS) {
          boolean allowed = tenants.allows(user, TwoTenants.may(verb, resource, namespace));
          if (allowed != permission.allowed().contains(user)) {
            wrong.add(user + (allowed ? " may " : " may not ") + verb + " " + resource);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void operatorCannotListSecrets() {
    ResourceAttributes secrets = new ResourceAttributes();
    secrets.setResource("secrets");
    secrets.setNamespace(tenants.owner());
    secrets.setVerb("get");
    assertThat(tenants.allows(OPERATOR, secrets)).isTrue();
    for (String verb : List.of("list", "watch", "create", "update", "patch", "delete")) {
      secrets.setVerb(verb);
      assertThat(tenants.allows(OPERATOR, secrets)).as(verb).isFalse();
    }
  }

  @Test
  void operatorCannotEscalate() {
    ResourceAttributes roles = new ResourceAttributes();
    roles.setGroup("rbac.authorization.k8s.io");
    roles.setNamespace(tenants.owner());
    for (String resource : List.of("roles", "clusterroles")) {
      roles.setResource(resource);
      for (String verb : List.of("escalate", "bind")) {
        roles.setVerb(verb);
        assertThat(tenants.allows(OPERATOR, roles)).as(verb + " " + resource).isFalse();
      }
    }
  }
}
