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
 * The Role and the RoleBinding that let others than its own people at one object. They have the
 * same name, are in the object's namespace, belong to it, and go with it.
 *
 * @param role what is allowed
 * @param binding to whom
 * @param leftOut how many it does not name, because they are more than {@link #MAX_SUBJECTS}
 */
public record Grant(Role role, RoleBinding binding, int leftOut) {

  /** On everything that the operator makes for access. */
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /** The value of {@link #MANAGED_BY}. */
  public static final String OPERATOR = "darkroom";

  /** More subjects than this are not written into one binding: objects have a size. */
  public static final int MAX_SUBJECTS = 4096;

  private static final String DESCRIPTION = ApiGroup.NAME + "/description";
  private static final String RBAC = "rbac.authorization.k8s.io";

  /**
   * What lets others see an image. Empty when nobody else may.
   *
   * <p>The bytes of a link are its root's: whoever may read those there may.
   *
   * @param readers who may read the images of a namespace
   */
  public static Optional<Grant> ofImage(
      Sharing sharing, Function<String, Collection<Subject>> readers) {
    Image image = sharing.image();
    Set<Subject> subjects =
        switch (image.getSpec().visibility()) {
          case PRIVATE -> Set.of();
          case SHARED -> members(sharing, readers);
          case COMMUNITY, PUBLIC -> Set.of(SubjectResolver.everybody());
        };
    List<String> resources =
        image.getSpec().deactivated() || Links.isLink(image)
            ? List.of("images")
            : List.of("images", "images/content");
    return grant(
        image,
        nameOfImage(image.getMetadata().getName()),
        image.getMetadata().getName(),
        "Lets others see Image "
            + image.getMetadata().getName()
            + ", as its spec.visibility says. Made by the operator; change the Image instead.",
        resources,
        List.of("get"),
        subjects);
  }

  /**
   * What lets the people of the member namespace answer an offer. Empty when there are none.
   *
   * @param answering who may create images there
   */
  public static Optional<Grant> ofMember(ImageMember member, Collection<Subject> answering) {
    String name = member.getMetadata().getName();
    return grant(
        member,
        nameOfMember(name),
        member.getSpec().imageRef().name(),
        "Lets those who may create images in namespace "
            + member.getSpec().namespace()
            + " answer ImageMember "
            + name
            + ". Made by the operator.",
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

  /** Whether a Role that is there is as it shall be. */
  public boolean has(Role actual) {
    return isAsWanted(role.getMetadata(), actual.getMetadata())
        && role.getRules().equals(actual.getRules());
  }

  /** Whether a RoleBinding that is there is as it shall be. */
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
    // First those that every member has: should there be too many, these are not left out.
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
