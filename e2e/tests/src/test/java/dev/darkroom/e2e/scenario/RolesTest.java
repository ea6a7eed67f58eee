package dev.darkroom.e2e.scenario;

import static dev.darkroom.e2e.scenario.Person.ADMIN;
import static dev.darkroom.e2e.scenario.Person.EDITOR;
import static dev.darkroom.e2e.scenario.Person.MEMBER;
import static dev.darkroom.e2e.scenario.Person.OPERATOR;
import static dev.darkroom.e2e.scenario.Person.STRANGER;
import static dev.darkroom.e2e.scenario.Person.VIEWER;
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
 * What the default roles add up to, once Kubernetes has aggregated them: asked of the API server by
 * each person themselves.
 */
class RolesTest extends TwoTenantsScenario {

  private static final Set<Person> ASKED =
      EnumSet.of(VIEWER, EDITOR, ADMIN, MEMBER, STRANGER, OPERATOR);

  /**
   * One row.
   *
   * @param verbs several that the same people have
   * @param resources several that they have them on, in the owner's namespace
   * @param allowed who of {@link #ASKED} has them; nobody else does
   */
  record Right(List<String> verbs, List<String> resources, Set<Person> allowed) {

    static Right of(String verbs, String resources, Person... allowed) {
      Set<Person> people = EnumSet.noneOf(Person.class);
      people.addAll(Arrays.asList(allowed));
      return new Right(List.of(verbs.split(" ")), List.of(resources.split(" ")), people);
    }

    @Override
    public String toString() {
      return String.join(", ", verbs) + " " + String.join(", ", resources) + ": " + allowed;
    }
  }

  static List<Right> inTheNamespace() {
    return List.of(
        Right.of(
            "get list watch", "images imageimports imagemembers", VIEWER, EDITOR, ADMIN, OPERATOR),
        Right.of("get", "images/content", EDITOR, ADMIN, OPERATOR),
        Right.of("create", "images imageimports", EDITOR, ADMIN, OPERATOR),
        Right.of("create", "imagemembers", EDITOR, ADMIN),
        Right.of("update", "images imageimports", EDITOR, ADMIN),
        Right.of("update", "imagemembers", EDITOR, ADMIN, OPERATOR),
        Right.of("patch delete", "images imageimports imagemembers", EDITOR, ADMIN, OPERATOR),
        Right.of("deletecollection", "images imageimports imagemembers", EDITOR, ADMIN),
        Right.of("communitize", "images", EDITOR, ADMIN),
        Right.of("publicize", "images", ADMIN),
        Right.of("operate", "images", OPERATOR),
        Right.of("update", "images/status imageimports/status imagemembers/status", OPERATOR),
        Right.of("patch", "images/status imageimports/status imagemembers/status"));
  }

  static List<Right> inTheCluster() {
    return List.of(
        Right.of(
            "get list watch",
            "publicimages imagestores",
            VIEWER,
            EDITOR,
            ADMIN,
            MEMBER,
            STRANGER,
            OPERATOR),
        Right.of("create patch delete", "publicimages", OPERATOR),
        Right.of("patch", "imagestores", OPERATOR),
        Right.of("update", "imagestores/status", OPERATOR),
        Right.of("update", "publicimages imagestores"),
        Right.of("create delete", "imagestores"),
        Right.of("list", "images imageimports imagemembers", OPERATOR),
        Right.of("operate", "images", OPERATOR));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("inTheNamespace")
  void aRightInTheNamespaceIsThatOfThosePeopleAlone(Right right) {
    check(right, tenants.owner());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("inTheCluster")
  void aRightInTheClusterIsThatOfThosePeopleAlone(Right right) {
    check(right, null);
  }

  private void check(Right right, String namespace) {
    List<String> wrong = new ArrayList<>();
    for (String verb : right.verbs()) {
      for (String resource : right.resources()) {
        for (Person person : ASKED) {
          boolean allowed = tenants.allows(person, TwoTenants.may(verb, resource, namespace));
          if (allowed != right.allowed().contains(person)) {
            wrong.add(person + (allowed ? " may " : " may not ") + verb + " " + resource);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void theOperatorListsNobodysSecrets() {
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
  void theOperatorGivesNobodyWhatItDoesNotHave() {
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
