package dev.darkroom.access;

import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageMember;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The Role and the RoleBinding that give other namespaces access to one object. They have the same
 * name, are in the object's namespace, and are deleted with the object, which owns them.
 *
 * @param role the allowed verbs
 * @param binding the subjects
 * @param leftOut the number of subjects beyond {@link #MAX_SUBJECTS}; the binding does not have
 *     them
 */
public record Grant(Role role, RoleBinding binding, int leftOut) {

  /** The label of every access object that the operator makes. */
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /** The value of {@link #MANAGED_BY}. */
  public static final String OPERATOR = "darkroom";

  /** The most subjects of one binding: the size of an object is limited. */
  public static final int MAX_SUBJECTS = 4096;

  private static final String DESCRIPTION = ApiGroup.NAME + "/description";
  private static final String RBAC = "rbac.authorization.k8s.io";

  /**
   * Read access to an image for other namespaces. Empty for a private image, and for a shared image
   * without members.
   *
   * <p>The Role of a link does not allow its content: the root decides access to its bytes.
   *
   * @param readers the subjects with read access to all images of a namespace
   */
  public static Optional<Grant> ofImage(
      Sharing sharing, Function<String, Collection<Subject>> readers) {
    Image image = sharing.image();
    Set<Subject> subjects =
        switch (image.getSpec().visibility()) {
          case PRIVATE -> Set.of();
          case SHARED -> members(sharing, readers);
          case COMMUNITY, PUBLIC -> Set.of(SubjectResolver.authenticated());
        };
    List<String> resources =
        image.getSpec().deactivated() || Links.isLink(image)
            ? List.of("images")
            : List.of("images", "images/content");
    return grant(
        image,
        nameOfImage(image.getMetadata().getName()),
        image.getMetadata().getName(),
        "Grants access to Image "
            + image.getMetadata().getName()
            + " by its spec.visibility. Managed by the operator; change the Image instead.",
        resources,
        List.of("get"),
        subjects);
  }

  /**
   * Access to an ImageMember for the member namespace, to answer the offer. Empty without subjects.
   *
   * @param answering the subjects that may create images in the member namespace
   */
  public static Optional<Grant> ofMember(ImageMember member, Collection<Subject> answering) {
    String name = member.getMetadata().getName();
    return grant(
        member,
        nameOfMember(name),
        member.getSpec().imageRef().name(),
        "Grants users with create permission on images in namespace "
            + member.getSpec().namespace()
            + " access to ImageMember "
            + name
            + ", to answer the offer. Managed by the operator.",
        List.of("imagemembers"),
        List.of("get", "update", "patch"),
        new LinkedHashSet<>(answering));
  }

  /** The name of both objects for an image of that name. */
  public static String nameOfImage(String image) {
    return ShortNames.object("darkroom-image-" + image);
  }

  /** The name of both objects for an ImageMember of that name. */
  public static String nameOfMember(String member) {
    return ShortNames.object("darkroom-member-" + member);
  }

  /** Whether an existing Role equals the wanted one. */
  public boolean has(Role actual) {
    return isAsWanted(role.getMetadata(), actual.getMetadata())
        && role.getRules().equals(actual.getRules());
  }

  /** Whether an existing RoleBinding equals the wanted one. */
  public boolean has(RoleBinding actual) {
    return isAsWanted(binding.getMetadata(), actual.getMetadata())
        && binding.getRoleRef().equals(actual.getRoleRef())
        && binding.getSubjects().equals(actual.getSubjects());
  }

  private static boolean isAsWanted(ObjectMeta wanted, ObjectMeta actual) {
    return actual.getOwnerReferences().equals(wanted.getOwnerReferences())
        && contains(actual.getLabels(), wanted.getLabels())
        && contains(actual.getAnnotations(), wanted.getAnnotations());
  }

  private static boolean contains(Map<String, String> actual, Map<String, String> wanted) {
    return actual != null && actual.entrySet().containsAll(wanted.entrySet());
  }

  private static Set<Subject> members(
      Sharing sharing, Function<String, Collection<Subject>> readers) {
    Set<Subject> subjects = new LinkedHashSet<>();
    // Service accounts first: MAX_SUBJECTS never leaves them out.
    sharing
        .offeredTo()
        .forEach(namespace -> subjects.add(SubjectResolver.serviceAccounts(namespace)));
    sharing.offeredTo().forEach(namespace -> subjects.addAll(readers.apply(namespace)));
    return subjects;
  }

  private static Optional<Grant> grant(
      HasMetadata of,
      String name,
      String image,
      String description,
      List<String> resources,
      List<String> verbs,
      Set<Subject> subjects) {
    if (subjects.isEmpty()) {
      return Optional.empty();
    }
    List<Subject> named = subjects.stream().limit(MAX_SUBJECTS).toList();
    ObjectMeta meta =
        new ObjectMetaBuilder()
            .withNamespace(of.getMetadata().getNamespace())
            .withName(name)
            .addToLabels(MANAGED_BY, OPERATOR)
            .addToLabels(ApiGroup.IMAGE_LABEL, ShortNames.label(image))
            .addToAnnotations(DESCRIPTION, description)
            .addNewOwnerReference()
            .withApiVersion(of.getApiVersion())
            .withKind(of.getKind())
            .withName(of.getMetadata().getName())
            .withUid(of.getMetadata().getUid())
            .withController(true)
            .endOwnerReference()
            .build();
    return Optional.of(
        new Grant(
            new RoleBuilder()
                .withMetadata(meta)
                .withRules(
                    new PolicyRuleBuilder()
                        .withApiGroups(ApiGroup.NAME)
                        .withResources(resources)
                        .withResourceNames(of.getMetadata().getName())
                        .withVerbs(verbs)
                        .build())
                .build(),
            new RoleBindingBuilder()
                .withMetadata(meta)
                .withNewRoleRef(RBAC, "Role", name)
                .withSubjects(named)
                .build(),
            subjects.size() - named.size()));
  }
}
