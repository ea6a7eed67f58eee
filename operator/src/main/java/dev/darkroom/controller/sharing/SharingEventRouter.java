package dev.darkroom.controller.sharing;

import dev.darkroom.access.CatalogueEntry;
import dev.darkroom.access.Sharing;
import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.api.PublicImage;
import dev.darkroom.controller.support.SharedCaches;
import dev.darkroom.controller.support.SharedInformers;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Routes changes to the objects that depend on them: a change of an image's visibility to its
 * links, the deletion of a namespace to its members, and so on. Events without a receiver are
 * dropped: reconcilers reconcile every object at their start.
 */
public final class SharingEventRouter {

  /** The kinds of objects that receive events. */
  public enum Topic {
    /** Images whose status may change. */
    IMAGE,
    /** Images whose RBAC objects or labels may change. */
    ACCESS,
    /** Images that may become usable or unusable as the source of imports. */
    SOURCE,
    /** ImageMembers. */
    MEMBER,
    /** PublicImages. */
    ENTRY
  }

  private final Map<Topic, Consumer<ResourceID>> receivers = new ConcurrentHashMap<>();
  private final SharedCaches caches;

  /** Routes nothing before {@link #listen}. */
  public SharingEventRouter(SharedCaches caches) {
    this.caches = caches;
    for (Topic topic : Topic.values()) {
      receivers.put(topic, id -> {});
    }
  }

  /**
   * Registers listeners for every kind that access depends on. Call it once, before their start.
   */
  public void listen(SharedInformers informers) {
    informers.images().whenChanged(this::image);
    informers.members().whenChanged(this::member);
    informers.entries().whenChanged(this::entry);
    informers.namespaces().whenChanged(this::namespace);
    informers.roles().whenChanged(this::role);
    informers.bindings().whenChanged(this::role);
    informers.clusterRoles().whenChanged(this::clusterRole);
  }

  /** Registers the receiver of a topic; before the caches start. */
  public void deliver(Topic topic, Consumer<ResourceID> receiver) {
    receivers.put(topic, receiver);
  }

  private void image(Optional<Image> before, Optional<Image> now) {
    if (same(before, now, SharingEventRouter::relevantOf)) {
      return;
    }
    Image image = either(before, now);
    ResourceID id = ResourceID.fromResource(image);
    send(Topic.SOURCE, id);
    for (Image first : caches.referringTo(id)) {
      send(Topic.IMAGE, ResourceID.fromResource(first));
      send(Topic.SOURCE, ResourceID.fromResource(first));
      caches
          .referringTo(ResourceID.fromResource(first))
          .forEach(second -> send(Topic.IMAGE, ResourceID.fromResource(second)));
    }
    sendToMembers(caches.membersOf(id));
    if (now.isEmpty()) {
      // A member may wait for the name.
      sendToMembers(
          caches.membersIn(image.getMetadata().getNamespace()).stream()
              .filter(member -> MemberLink.name(member).equals(image.getMetadata().getName()))
              .toList());
    }
    Optional.ofNullable(image.getMetadata().getLabels())
        .map(labels -> labels.get(ApiGroup.MEMBER_LABEL))
        .flatMap(caches::memberWithUid)
        .ifPresent(member -> send(Topic.MEMBER, ResourceID.fromResource(member)));
    caches
        .entry(
            CatalogueEntry.name(image.getMetadata().getNamespace(), image.getMetadata().getName()))
        .ifPresent(entry -> send(Topic.ENTRY, ResourceID.fromResource(entry)));
  }

  /** Progress of an import is left out. */
  private static List<Object> relevantOf(Image image) {
    ImageStatus status = Objects.requireNonNullElseGet(image.getStatus(), ImageStatus::empty);
    return Arrays.asList(
        image.getMetadata().getUid(),
        image.getMetadata().getGeneration(),
        image.getMetadata().getDeletionTimestamp(),
        image.getMetadata().getLabels(),
        status.digest(),
        status.digest() == null ? null : status.phase(),
        status.digest() == null ? null : status.conditions(),
        status.digest() == null ? null : status.stores());
  }

  private void member(Optional<ImageMember> before, Optional<ImageMember> now) {
    if (same(before, now, SharingEventRouter::relevantOf)) {
      return;
    }
    ImageMember member = either(before, now);
    ResourceID image = SharedCaches.imageOf(member);
    String namespace = member.getSpec().namespace();
    send(Topic.IMAGE, image);
    send(Topic.ACCESS, image);
    send(Topic.SOURCE, image);
    for (Image first : caches.referringTo(image)) {
      ResourceID link = ResourceID.fromResource(first);
      send(Topic.SOURCE, link);
      Stream.concat(Stream.of(first), caches.referringTo(link).stream())
          .filter(other -> other.getMetadata().getNamespace().equals(namespace))
          .forEach(other -> send(Topic.IMAGE, ResourceID.fromResource(other)));
    }
    List<ImageMember> all = caches.membersOf(image);
    if (all.size() >= Sharing.MAX_MEMBERS) {
      sendToMembers(all);
    }
  }

  private static List<Object> relevantOf(ImageMember member) {
    return Arrays.asList(
        member.getMetadata().getUid(),
        member.getMetadata().getGeneration(),
        member.getMetadata().getDeletionTimestamp(),
        member.getMetadata().getOwnerReferences());
  }

  private void namespace(Optional<Namespace> before, Optional<Namespace> now) {
    if (!same(
        before,
        now,
        namespace ->
            Arrays.asList(
                namespace.getMetadata().getUid(),
                namespace.getMetadata().getDeletionTimestamp()))) {
      sendToMembers(caches.membersIn(either(before, now).getMetadata().getName()));
    }
  }

  /**
   * A Role or a RoleBinding: the operator's own is corrected, one of others changes the subjects.
   */
  private <R extends HasMetadata> void role(Optional<R> before, Optional<R> now) {
    before.filter(SharedCaches::isOwn).ifPresent(this::own);
    if (Stream.of(before, now).flatMap(Optional::stream).anyMatch(r -> !SharedCaches.isOwn(r))) {
      subjects(either(before, now).getMetadata().getNamespace());
    }
  }

  private void clusterRole(Optional<ClusterRole> before, Optional<ClusterRole> now) {
    if (!same(before, now, ClusterRole::getRules)) {
      caches.namespacesBinding(either(before, now).getMetadata().getName()).forEach(this::subjects);
    }
  }

  /** An object that the operator owns was changed or deleted: its owner applies it again. */
  private void own(HasMetadata before) {
    for (OwnerReference owner : before.getMetadata().getOwnerReferences()) {
      ResourceID id = new ResourceID(owner.getName(), before.getMetadata().getNamespace());
      send(owner.getKind().equals("Image") ? Topic.ACCESS : Topic.MEMBER, id);
    }
  }

  private void entry(Optional<PublicImage> before, Optional<PublicImage> now) {
    before
        .map(PublicImage::getSpec)
        .ifPresent(spec -> send(Topic.ACCESS, new ResourceID(spec.name(), spec.namespace())));
  }

  /** The published state of an image differs from its status. */
  void published(ResourceID image) {
    send(Topic.IMAGE, image);
  }

  private void subjects(String namespace) {
    for (ImageMember member : caches.membersIn(namespace)) {
      send(Topic.ACCESS, SharedCaches.imageOf(member));
      send(Topic.MEMBER, ResourceID.fromResource(member));
    }
  }

  private void sendToMembers(List<ImageMember> members) {
    members.forEach(member -> send(Topic.MEMBER, ResourceID.fromResource(member)));
  }

  private void send(Topic topic, ResourceID id) {
    receivers.get(topic).accept(id);
  }

  private static <R> R either(Optional<R> before, Optional<R> now) {
    return now.or(() -> before).orElseThrow();
  }

  private static <R> boolean same(Optional<R> before, Optional<R> now, Function<R, Object> key) {
    return before.isPresent()
        && now.isPresent()
        && Objects.equals(key.apply(before.get()), key.apply(now.get()));
  }
}
