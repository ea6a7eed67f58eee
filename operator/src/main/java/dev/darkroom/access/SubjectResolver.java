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
 * Resolves the subjects of a namespace: the subjects that its RoleBindings allow a verb on every
 * Image there. ClusterRoleBindings are not read: their subjects have access already.
 */
public final class SubjectResolver {

  /** The permission that a subject needs. */
  public enum Permission {
    /** Read images of the namespace: gives read access to images shared with the namespace. */
    READ("get"),
    /** Create images in the namespace: allows answers to offers to the namespace. */
    ANSWER("create");

    private final String verb;

    Permission(String verb) {
      this.verb = verb;
    }
  }

  private static final String IMAGES = "images";
  private static final String ANY = "*";
  private static final String RBAC = "rbac.authorization.k8s.io";

  private SubjectResolver() {}

  /**
   * The subjects with a permission, sorted, without duplicates.
   *
   * @param bindings the RoleBindings of the namespace
   * @param rules the rules of a role, by the namespace of the binding; empty for a missing role
   */
  public static List<Subject> who(
      Permission permission,
      String namespace,
      Collection<RoleBinding> bindings,
      BiFunction<String, RoleRef, List<PolicyRule>> rules) {
    return bindings.stream()
        .filter(
            binding ->
                rules.apply(namespace, binding.getRoleRef()).stream()
                    .anyMatch(rule -> allows(rule, permission.verb)))
        .flatMap(binding -> binding.getSubjects().stream())
        .flatMap(SubjectResolver::known)
        .distinct()
        .sorted(
            Comparator.comparing(Subject::getKind)
                .thenComparing(subject -> String.valueOf(subject.getNamespace()))
                .thenComparing(Subject::getName))
        .toList();
  }

  /** All service accounts of a namespace. */
  static Subject serviceAccounts(String namespace) {
    return group("system:serviceaccounts:" + namespace);
  }

  /** All authenticated users. */
  static Subject authenticated() {
    return group("system:authenticated");
  }

  /** A rule with resource names does not allow all images of the namespace. */
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
