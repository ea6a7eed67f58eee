package dev.darkroom.access;

import dev.darkroom.api.ApiGroup;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleRef;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.api.model.rbac.SubjectBuilder;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Who the people of a namespace are: those whom its RoleBindings let do something with every Image
 * there. Whoever may do so through a ClusterRoleBinding needs nothing from us.
 */
public final class SubjectResolver {

  /** What makes somebody one of them. */
  public enum Deed {
    /** Whoever may read the images of a namespace may read those that it may see. */
    READ("get"),
    /** Whoever may create images in a namespace answers the offers that it gets. */
    ANSWER("create");

    private final String verb;

    Deed(String verb) {
      this.verb = verb;
    }
  }

  private static final String IMAGES = "images";
  private static final String ANY = "*";
  private static final String RBAC = "rbac.authorization.k8s.io";

  private SubjectResolver() {}

  /**
   * Those who may do that, sorted, each once.
   *
   * @param bindings the RoleBindings of the namespace
   * @param rules what the role that a binding in a namespace names allows; empty when it is not
   *     there
   */
  public static List<Subject> who(
      Deed deed,
      String namespace,
      Collection<RoleBinding> bindings,
      BiFunction<String, RoleRef, List<PolicyRule>> rules) {
    return bindings.stream()
        .filter(
            binding ->
                rules.apply(namespace, binding.getRoleRef()).stream()
                    .anyMatch(rule -> allows(rule, deed.verb)))
        .flatMap(binding -> binding.getSubjects().stream())
        .flatMap(SubjectResolver::known)
        .distinct()
        .sorted(
            Comparator.comparing(Subject::getKind)
                .thenComparing(subject -> String.valueOf(subject.getNamespace()))
                .thenComparing(Subject::getName))
        .toList();
  }

  /** Every service account of a namespace. */
  static Subject serviceAccounts(String namespace) {
    return group("system:serviceaccounts:" + namespace);
  }

  /** Everybody who has a name. */
  static Subject everybody() {
    return group("system:authenticated");
  }

  /** A rule about some images by name is not about all images of the namespace. */
  private static boolean allows(PolicyRule rule, String verb) {
    return holds(rule.getApiGroups(), ApiGroup.NAME)
        && holds(rule.getResources(), IMAGES)
        && holds(rule.getVerbs(), verb)
        && (rule.getResourceNames() == null || rule.getResourceNames().isEmpty());
  }

  private static boolean holds(List<String> list, String word) {
    return list != null && (list.contains(word) || list.contains(ANY));
  }

  private static Stream<Subject> known(Subject subject) {
    return switch (subject.getKind()) {
      case "User", "Group" -> Stream.of(named(subject.getKind(), subject.getName()));
      case "ServiceAccount" ->
          subject.getNamespace() == null
              ? Stream.empty()
              : Stream.of(
                  new SubjectBuilder()
                      .withKind(subject.getKind())
                      .withNamespace(subject.getNamespace())
                      .withName(subject.getName())
                      .build());
      default -> Stream.empty();
    };
  }

  private static Subject group(String name) {
    return named("Group", name);
  }

  private static Subject named(String kind, String name) {
    return new SubjectBuilder().withApiGroup(RBAC).withKind(kind).withName(name).build();
  }
}
