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
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * What the reconcilers look up of objects other than their own, to know who may see what: one cache
 * of each kind for all of them. Safe for use by many threads.
 */
public final class SharedCaches implements AutoCloseable {

  private static final String BY_TARGET = "target";
  private static final String BY_IMAGE = "image";
  private static final String BY_MEMBER_NAMESPACE = "memberNamespace";
  private static final String BY_UID = "uid";
  private static final String BY_MEMBER = "member";
  private static final String BY_CLUSTER_ROLE = "clusterRole";
  private static final String CLUSTER_ROLE = "ClusterRole";

  private final IndexedInformer<Image> images;
  private final IndexedInformer<ImageMember> members;
  private final IndexedInformer<PublicImage> entries;
  private final IndexedInformer<Namespace> namespaces;
  private final IndexedInformer<RoleBinding> bindings;
  private final IndexedInformer<Role> roles;
  private final IndexedInformer<ClusterRole> clusterRoles;
  private final IndexedInformer<RoleBinding> ownBindings;
  private final IndexedInformer<Role> ownRoles;
  private final Links links;

  /**
   * Prepares to watch.
   *
   * @param namespaces the namespaces to look after; empty for all
   */
  public SharedCaches(KubernetesClient client, Set<String> namespaces) {
    Set<String> all = Set.of();
    this.images =
        new IndexedInformer<>(
            client,
            Image.class,
            namespaces,
            any -> any,
            Map.of(BY_TARGET, SharedCaches::targets, BY_MEMBER, SharedCaches::memberLabel));
    this.members =
        new IndexedInformer<>(
            client,
            ImageMember.class,
            namespaces,
            any -> any,
            Map.of(
                BY_IMAGE, member -> List.of(key(imageOf(member))),
                BY_MEMBER_NAMESPACE, member -> List.of(member.getSpec().namespace()),
                BY_UID, member -> List.of(member.getMetadata().getUid())));
    this.entries = new IndexedInformer<>(client, PublicImage.class, all, any -> any, Map.of());
    this.namespaces = new IndexedInformer<>(client, Namespace.class, all, any -> any, Map.of());
    this.bindings =
        new IndexedInformer<>(
            client,
            RoleBinding.class,
            namespaces,
            any -> any.withoutLabel(Grant.MANAGED_BY, Grant.OPERATOR),
            Map.of(BY_CLUSTER_ROLE, SharedCaches::clusterRole));
    this.roles =
        new IndexedInformer<>(
            client,
            Role.class,
            namespaces,
            any -> any.withoutLabel(Grant.MANAGED_BY, Grant.OPERATOR),
            Map.of());
    this.clusterRoles = new IndexedInformer<>(client, ClusterRole.class, all, any -> any, Map.of());
    this.ownBindings =
        new IndexedInformer<>(
            client,
            RoleBinding.class,
            namespaces,
            any -> any.withLabel(Grant.MANAGED_BY, Grant.OPERATOR),
            Map.of());
    this.ownRoles =
        new IndexedInformer<>(
            client,
            Role.class,
            namespaces,
            any -> any.withLabel(Grant.MANAGED_BY, Grant.OPERATOR),
            Map.of());
    this.links = new Links(images::get, this::sharing);
  }

  /** Starts, and waits until everything is known. Who wants to hear of changes says so before. */
  public void start() {
    List<CompletableFuture<?>> started =
        all().<CompletableFuture<?>>map(IndexedInformer::start).toList();
    IndexedInformer.awaitFirst(started);
  }

  /** Whether it hears of every change. */
  public boolean isHealthy() {
    return all().allMatch(IndexedInformer::isHealthy);
  }

  @Override
  public void close() {
    all().forEach(IndexedInformer::close);
  }

  /** Registers a listener for Images. To be called before the start. */
  public void whenImagesChange(IndexedInformer.Listener<Image> listener) {
    images.whenChanged(listener);
  }

  /** Registers a listener for ImageMembers. To be called before the start. */
  public void whenMembersChange(IndexedInformer.Listener<ImageMember> listener) {
    members.whenChanged(listener);
  }

  /** Registers a listener for PublicImages. To be called before the start. */
  public void whenEntriesChange(IndexedInformer.Listener<PublicImage> listener) {
    entries.whenChanged(listener);
  }

  /** Registers a listener for Namespaces. To be called before the start. */
  public void whenNamespacesChange(IndexedInformer.Listener<Namespace> listener) {
    namespaces.whenChanged(listener);
  }

  /**
   * Registers listeners for the RoleBindings and Roles that the operator did not make. To be called
   * before the start.
   */
  public void whenRolesChange(
      IndexedInformer.Listener<RoleBinding> bindingListener,
      IndexedInformer.Listener<Role> roleListener) {
    bindings.whenChanged(bindingListener);
    roles.whenChanged(roleListener);
  }

  /** Registers a listener for ClusterRoles. To be called before the start. */
  public void whenClusterRolesChange(IndexedInformer.Listener<ClusterRole> listener) {
    clusterRoles.whenChanged(listener);
  }

  /**
   * Registers listeners for the RoleBindings and Roles that the operator made. To be called before
   * the start.
   */
  public void whenOwnRolesChange(
      IndexedInformer.Listener<RoleBinding> bindingListener,
      IndexedInformer.Listener<Role> roleListener) {
    ownBindings.whenChanged(bindingListener);
    ownRoles.whenChanged(roleListener);
  }

  /** An image. */
  public Optional<Image> image(String namespace, String name) {
    return images.get(namespace, name);
  }

  /** The links and copies that refer to an image directly. */
  public List<Image> referringTo(ResourceID image) {
    return images.by(BY_TARGET, key(image));
  }

  /** The links that the operator made for a member. */
  public List<Image> linksOf(String memberUid) {
    return images.by(BY_MEMBER, memberUid);
  }

  /** An image and its members. */
  public Sharing sharing(Image image) {
    return Sharing.of(image, membersOf(ResourceID.fromResource(image)));
  }

  /** What lets others see an image; empty when nobody else may. */
  public Optional<Grant> grant(Sharing sharing) {
    return Grant.ofImage(sharing, namespace -> people(SubjectResolver.Permission.READ, namespace));
  }

  /** The members that name an image. */
  public List<ImageMember> membersOf(ResourceID image) {
    return members.by(BY_IMAGE, key(image));
  }

  /** The members for a namespace. */
  public List<ImageMember> membersIn(String namespace) {
    return members.by(BY_MEMBER_NAMESPACE, namespace);
  }

  /** The member with a UID. */
  public Optional<ImageMember> memberWithUid(String uid) {
    return members.by(BY_UID, uid).stream().findFirst();
  }

  /** The image that a member names. */
  public static ResourceID imageOf(ImageMember member) {
    return new ResourceID(member.getSpec().imageRef().name(), member.getMetadata().getNamespace());
  }

  /** Follows references between images. */
  public Links links() {
    return links;
  }

  /** Those who may do that in a namespace. */
  public List<Subject> people(SubjectResolver.Permission deed, String namespace) {
    return SubjectResolver.who(
        deed, namespace, bindings.by(Cache.NAMESPACE_INDEX, namespace), this::rules);
  }

  /** The namespaces in which a ClusterRole is bound. */
  public List<String> namespacesBinding(String clusterRole) {
    return bindings.by(BY_CLUSTER_ROLE, clusterRole).stream()
        .map(binding -> binding.getMetadata().getNamespace())
        .distinct()
        .toList();
  }

  private List<PolicyRule> rules(String namespace, RoleRef role) {
    return role.getKind().equals(CLUSTER_ROLE)
        ? clusterRoles.get(null, role.getName()).map(ClusterRole::getRules).orElse(List.of())
        : roles.get(namespace, role.getName()).map(Role::getRules).orElse(List.of());
  }

  /** A namespace. */
  public Optional<Namespace> namespace(String name) {
    return namespaces.get(null, name);
  }

  /** A Role that the operator made. */
  Optional<Role> ownRole(String namespace, String name) {
    return ownRoles.get(namespace, name);
  }

  /** A RoleBinding that the operator made. */
  Optional<RoleBinding> ownBinding(String namespace, String name) {
    return ownBindings.get(namespace, name);
  }

  /** An entry of the catalogue. */
  public Optional<PublicImage> entry(String name) {
    return entries.get(null, name);
  }

  private Stream<IndexedInformer<? extends HasMetadata>> all() {
    return Stream.of(
        images, members, entries, namespaces, bindings, roles, clusterRoles, ownBindings, ownRoles);
  }

  private static List<String> targets(Image image) {
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
    Map<String, String> labels = image.getMetadata().getLabels();
    return labels == null || labels.get(ApiGroup.MEMBER_LABEL) == null
        ? List.of()
        : List.of(labels.get(ApiGroup.MEMBER_LABEL));
  }

  private static List<String> clusterRole(RoleBinding binding) {
    return binding.getRoleRef().getKind().equals(CLUSTER_ROLE)
        ? List.of(binding.getRoleRef().getName())
        : List.of();
  }

  private static String key(ResourceID id) {
    return id.getNamespace().orElse("") + "/" + id.getName();
  }
}
