package dev.darkroom.access;

import static dev.darkroom.access.Given.image;
import static dev.darkroom.access.Given.member;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.Acceptance;
import dev.darkroom.api.Image;
import dev.darkroom.api.Visibility;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GrantTest {

  private static final String RBAC = "rbac.authorization.k8s.io";

  @Test
  void aPrivateImageAndASharedOneWithoutMembersGrantNothing() {
    for (Visibility visibility : List.of(Visibility.PRIVATE, Visibility.SHARED)) {
      Image image = image("own", "fedora", spec -> spec.visibility(visibility));
      assertThat(Grant.ofImage(Sharing.of(image, List.of()), GrantTest::noSubjects)).isEmpty();
    }
  }

  @Test
  void everyMemberMayReadAndEachSubjectIsNamedOnce() {
    Image image = image("own", "fedora", spec -> spec.visibility(Visibility.SHARED));
    Sharing sharing =
        Sharing.of(
            image,
            List.of(
                member("a", image, "one", Acceptance.REJECTED),
                member("b", image, "two", Acceptance.ACCEPTED)));

    Grant grant = Grant.ofImage(sharing, namespace -> List.of(user("rita"))).orElseThrow();

    assertThat(grant.binding().getSubjects())
        .extracting(Subject::getName)
        .containsExactly("system:serviceaccounts:one", "system:serviceaccounts:two", "rita");
    assertThat(grant.leftOut()).isZero();
    assertThat(grant.has(grant.role())).isTrue();
    assertThat(grant.has(grant.binding())).isTrue();
  }

  @Test
  void subjectsBeyondTheLimitAreCounted() {
    Image image = image("own", "fedora", spec -> spec.visibility(Visibility.SHARED));
    Sharing sharing =
        Sharing.of(
            image,
            List.of(
                member("a", image, "one", Acceptance.ACCEPTED),
                member("b", image, "two", Acceptance.ACCEPTED)));
    List<Subject> crowd = IntStream.range(0, 5000).mapToObj(i -> user("user" + i)).toList();

    Grant grant = Grant.ofImage(sharing, namespace -> crowd).orElseThrow();

    assertThat(grant.binding().getSubjects())
        .hasSize(4096)
        .extracting(Subject::getName)
        .startsWith("system:serviceaccounts:one", "system:serviceaccounts:two", "user0");
    assertThat(grant.leftOut()).isEqualTo(2 + 5000 - 4096);
    assertThat(Audience.of(sharing, grant.leftOut()).who()).contains("one, two", "906 ", "4096 ");
  }

  @Test
  void aDeactivatedImageAndALinkGrantNoContent() {
    Image deactivated =
        image("own", "fedora", s -> s.visibility(Visibility.PUBLIC).deactivated(true));
    Image link = Given.link("own", "fedora", "golden", "fedora");
    link.setSpec(
        dev.darkroom.api.ImageSpecBuilder.builder(link.getSpec())
            .visibility(Visibility.PUBLIC)
            .build());

    for (Image image : List.of(deactivated, link)) {
      Grant grant =
          Grant.ofImage(Sharing.of(image, List.of()), GrantTest::noSubjects).orElseThrow();
      assertThat(grant.role().getRules().get(0).getResources()).containsExactly("images");
    }
  }

  @Test
  void longNamesAreShortenedAndStayDifferent() {
    String longest = "x".repeat(252);
    Image one = image("own", longest + "1", spec -> spec.visibility(Visibility.PUBLIC));

    Grant grant = Grant.ofImage(Sharing.of(one, List.of()), GrantTest::noSubjects).orElseThrow();

    assertThat(grant.role().getMetadata().getName()).hasSize(253);
    assertThat(grant.role().getMetadata().getLabels().get("darkroom.dev/image")).hasSize(63);
    assertThat(Grant.nameOfImage(longest + "1")).isNotEqualTo(Grant.nameOfImage(longest + "2"));
    assertThat(CatalogueEntry.name("own", longest)).hasSize(253).startsWith("own.x");
  }

  @Test
  void subjectsNeedARoleForAllImages() {
    Map<String, PolicyRule> roles =
        Map.of(
            "reads", rule("get", "images").build(),
            "does-all", rule("*", "*").withApiGroups("*").build(),
            "creates", rule("create", "images").build(),
            "reads-one", rule("get", "images").withResourceNames("fedora").build(),
            "reads-bytes", rule("get", "images/content").build(),
            "elsewhere", rule("get", "images").withApiGroups("example.org").build());
    List<RoleBinding> bindings = roles.keySet().stream().map(GrantTest::binding).toList();

    assertThat(who(SubjectResolver.Permission.READ, bindings, roles))
        .containsExactly("does-all", "reads");
    assertThat(who(SubjectResolver.Permission.ANSWER, bindings, roles))
        .containsExactly("creates", "does-all");
  }

  private static List<String> who(
      SubjectResolver.Permission deed, List<RoleBinding> bindings, Map<String, PolicyRule> roles) {
    return SubjectResolver.who(
            deed, "team", bindings, (namespace, role) -> List.of(roles.get(role.getName())))
        .stream()
        .map(Subject::getName)
        .toList();
  }

  private static PolicyRuleBuilder rule(String verb, String resource) {
    return new PolicyRuleBuilder()
        .withApiGroups("darkroom.dev")
        .withResources(resource)
        .withVerbs(verb);
  }

  private static RoleBinding binding(String role) {
    return new RoleBindingBuilder()
        .withNewRoleRef(RBAC, "Role", role)
        .withSubjects(user(role), user(role))
        .build();
  }

  private static Subject user(String name) {
    return new Subject(RBAC, "User", name, null);
  }

  private static Collection<Subject> noSubjects(String namespace) {
    return List.of();
  }
}
