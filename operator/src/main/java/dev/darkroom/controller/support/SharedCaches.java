package dev.darkroom.controller.support;

import dev.darkroom.access.Grant;
import dev.darkroom.access.Links;
import dev.darkroom.access.Sharing;
import dev.darkroom.access.SubjectResolver;
import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageReference;
import dev.darkroom.api.PublicImage;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleRef;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Look-ups in the shared informers that answer which subjects and namespaces may see which images.
 * All of them use names or indexes; none walks over a kind. Thread-safe.
 */
public final class SharedCaches {

  private static final String CLUSTER_ROLE = "ClusterRole";

  private final SharedInformers informers;
  private final IndexedInformer.Index<Image> imagesByTarget;
  private final IndexedInformer.Index<Image> imagesByMember;
  private final IndexedInformer.Index<ImageMember> membersByImage;
  private final IndexedInformer.Index<ImageMember> membersByNamespace;
  private final IndexedInformer.Index<ImageMember> membersByUid;
  private final IndexedInformer.Index<RoleBinding> bindingsByNamespace;
  private final IndexedInformer.Index<RoleBinding> bindingsByClusterRole;
  private final Links links;

  /** Adds indexes to the informers, which must not be started yet. */
  public SharedCaches(SharedInformers informers) {
    this.informers = informers;
    this.imagesByTarget = informers.images().index("target", SharedCaches::target);
    this.imagesByMember = informers.images().index("member", SharedCaches::memberLabel);
    this.membersByImage =
        informers.members().index("image", member -> List.of(key(imageOf(member))));
    this.membersByNamespace =
        informers
            .members()
            .index("memberNamespace", member -> List.of(member.getSpec().namespace()));
    this.membersByUid =
        informers.members().index("uid", member -> List.of(member.getMetadata().getUid()));
    this.bindingsByNamespace =
        informers.bindings().index("othersByNamespace", SharedCaches::namespaceOfOthers);
    this.bindingsByClusterRole =
        informers.bindings().index("othersByClusterRole", SharedCaches::clusterRoleOfOthers);
    this.links = new Links(this::image, this::sharing);
  }

  /** Whether the operator made a Role or RoleBinding, by its label. */
  public static boolean isOwn(HasMetadata object) {
    return Grant.OPERATOR.equals(labels(object).get(Grant.MANAGED_BY));
  }

  /** An image. */
  public Optional<Image> image(String namespace, String name) {
    return informers.images().get(namespace, name);
  }

  /** The links and copies that refer to an image directly. */
  public List<Image> referringTo(ResourceID image) {
    return imagesByTarget.get(key(image));
  }

  /** The links that the operator made for a member. */
  public List<Image> linksOf(String memberUid) {
    return imagesByMember.get(memberUid);
  }

  /** An image and its members. */
  public Sharing sharing(Image image) {
    return Sharing.of(image, membersOf(ResourceID.fromResource(image)));
  }

  /** The access of other namespaces to an image; empty when they have none. */
  public Optional<Grant> grant(Sharing sharing) {
    return Grant.ofImage(sharing, namespace -> people(SubjectResolver.Permission.READ, namespace));
  }

  /** The members that name an image. */
  public List<ImageMember> membersOf(ResourceID image) {
    return membersByImage.get(key(image));
  }

  /** The members for a namespace. */
  public List<ImageMember> membersIn(String namespace) {
    return membersByNamespace.get(namespace);
  }

  /** The member with a UID. */
  public Optional<ImageMember> memberWithUid(String uid) {
    return membersByUid.get(uid).stream().findFirst();
  }

  /** The image that a member names. */
  public static ResourceID imageOf(ImageMember member) {
    return new ResourceID(member.getSpec().imageRef().name(), member.getMetadata().getNamespace());
  }

  /** Follows references between images. */
  public Links links() {
    return links;
  }

  /** The subjects with a permission in a namespace, by the roles that others have made. */
  public List<Subject> people(SubjectResolver.Permission permission, String namespace) {
    return SubjectResolver.who(
        permission, namespace, bindingsByNamespace.get(namespace), this::rules);
  }

  /** The namespaces in which a ClusterRole is bound by others. */
  public List<String> namespacesBinding(String clusterRole) {
    return bindingsByClusterRole.get(clusterRole).stream()
        .map(binding -> binding.getMetadata().getNamespace())
        .distinct()
        .toList();
  }

  private List<PolicyRule> rules(String namespace, RoleRef role) {
    return role.getKind().equals(CLUSTER_ROLE)
        ? informers
            .clusterRoles()
            .get(null, role.getName())
            .map(ClusterRole::getRules)
            .orElse(List.of())
        : informers
            .roles()
            .get(namespace, role.getName())
            .filter(found -> !isOwn(found))
            .map(Role::getRules)
            .orElse(List.of());
  }

  /** A namespace. */
  public Optional<Namespace> namespace(String name) {
    return informers.namespaces().get(null, name);
  }

  /** The labels of a namespace; empty when there is no such namespace. */
  public Map<String, String> namespaceLabels(String name) {
    return namespace(name).map(SharedCaches::labels).orElse(Map.of());
  }

  /** A Role that the operator made. */
  Optional<Role> ownRole(String namespace, String name) {
    return informers.roles().get(namespace, name).filter(SharedCaches::isOwn);
  }

  /** A RoleBinding that the operator made. */
  Optional<RoleBinding> ownBinding(String namespace, String name) {
    return informers.bindings().get(namespace, name).filter(SharedCaches::isOwn);
  }

  /** An entry of the catalogue. */
  public Optional<PublicImage> entry(String name) {
    return informers.entries().get(null, name);
  }

  private static List<String> target(Image image) {
    if (image.getSpec().source() == null || image.getSpec().source().image() == null) {
      return List.of();
    }
    ImageReference reference = image.getSpec().source().image();
    return List.of(
        key(
            new ResourceID(
                reference.name(), reference.namespaceOr(image.getMetadata().getNamespace()))));
  }

  private static List<String> memberLabel(Image image) {
    String member = labels(image).get(ApiGroup.MEMBER_LABEL);
    return member == null ? List.of() : List.of(member);
  }

  private static List<String> namespaceOfOthers(RoleBinding binding) {
    return isOwn(binding) ? List.of() : List.of(binding.getMetadata().getNamespace());
  }

  private static List<String> clusterRoleOfOthers(RoleBinding binding) {
    return !isOwn(binding) && binding.getRoleRef().getKind().equals(CLUSTER_ROLE)
        ? List.of(binding.getRoleRef().getName())
        : List.of();
  }

  private static Map<String, String> labels(HasMetadata object) {
    return Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of());
  }

  private static String key(ResourceID id) {
    return id.getNamespace().orElse("") + "/" + id.getName();
  }
}
