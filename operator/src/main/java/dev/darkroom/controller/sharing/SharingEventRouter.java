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
 * Brings word of a change to everything that it concerns: to the links of an image whose visibility
 * changes, to the members of a namespace that goes, and so on. What nobody listens for yet is
 * dropped: at their start reconcilers look at everything anyway.
 */
public final class SharingEventRouter {

  /** Who wants to know. */
  public enum Topic {
    /** Images whose status may have to say something else. */
    IMAGE,
    /** Images of which others may have to see something else. */
    ACCESS,
    /** Images whose bytes may have become, or ceased to be, a source for imports. */
    SOURCE,
    /** Members. */
    MEMBER,
    /** Entries of the catalogue. */
    ENTRY
  }

  private final Map<Topic, Consumer<ResourceID>> receivers = new ConcurrentHashMap<>();
  private final SharedCaches around;

  public SharingEventRouter(SharedCaches around) {
    this.around = around;
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

  /** Has word of a topic delivered. To be called before anything starts. */
  public void deliver(Topic topic, Consumer<ResourceID> receiver) {
    receivers.put(topic, receiver);
  }

  private void image(Optional<Image> before, Optional<Image> now) {
    if (same(before, now, SharingEventRouter::whatOthersSee)) {
      return;
    }
    Image image = either(before, now);
    ResourceID id = ResourceID.fromResource(image);
    wake(Topic.SOURCE, id);
    for (Image first : around.referringTo(id)) {
      wake(Topic.IMAGE, ResourceID.fromResource(first));
      wake(Topic.SOURCE, ResourceID.fromResource(first));
      around
          .referringTo(ResourceID.fromResource(first))
          .forEach(second -> wake(Topic.IMAGE, ResourceID.fromResource(second)));
    }
    wakeMembers(around.membersOf(id));
    if (now.isEmpty()) {
      // The name is free for the link that somebody waits for.
      wakeMembers(
          around.membersIn(image.getMetadata().getNamespace()).stream()
              .filter(member -> MemberLink.name(member).equals(image.getMetadata().getName()))
              .toList());
    }
    Optional.ofNullable(image.getMetadata().getLabels())
        .map(labels -> labels.get(ApiGroup.MEMBER_LABEL))
        .flatMap(around::memberWithUid)
        .ifPresent(member -> wake(Topic.MEMBER, ResourceID.fromResource(member)));
    around
        .entry(
            CatalogueEntry.name(image.getMetadata().getNamespace(), image.getMetadata().getName()))
        .ifPresent(entry -> wake(Topic.ENTRY, ResourceID.fromResource(entry)));
  }

  /** An import's progress is nobody's business but its own. */
  private static List<Object> whatOthersSee(Image image) {
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
    if (same(before, now, SharingEventRouter::whatCounts)) {
      return;
    }
    ImageMember member = either(before, now);
    ResourceID image = SharedCaches.imageOf(member);
    String namespace = member.getSpec().namespace();
    wake(Topic.IMAGE, image);
    wake(Topic.ACCESS, image);
    wake(Topic.SOURCE, image);
    for (Image first : around.referringTo(image)) {
      ResourceID link = ResourceID.fromResource(first);
      wake(Topic.SOURCE, link);
      Stream.concat(Stream.of(first), around.referringTo(link).stream())
          .filter(other -> other.getMetadata().getNamespace().equals(namespace))
          .forEach(other -> wake(Topic.IMAGE, ResourceID.fromResource(other)));
    }
    List<ImageMember> all = around.membersOf(image);
    if (all.size() >= Sharing.MAX_MEMBERS) {
      wakeMembers(all);
    }
  }

  private static List<Object> whatCounts(ImageMember member) {
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
      wakeMembers(around.membersIn(either(before, now).getMetadata().getName()));
    }
  }

  /**
   * A Role or a RoleBinding: the operator's own is corrected, one of others changes the subjects.
   */
  private <R extends HasMetadata> void role(Optional<R> before, Optional<R> now) {
    before.filter(SharedCaches::isOwn).ifPresent(this::own);
    if (Stream.of(before, now).flatMap(Optional::stream).anyMatch(r -> !SharedCaches.isOwn(r))) {
      people(either(before, now).getMetadata().getNamespace());
    }
  }

  private void clusterRole(Optional<ClusterRole> before, Optional<ClusterRole> now) {
    if (!same(before, now, ClusterRole::getRules)) {
      around.namespacesBinding(either(before, now).getMetadata().getName()).forEach(this::people);
    }
  }

  /** An object of the operator changed: its owner is reconciled, and corrects it. */
  private void own(HasMetadata before) {
    for (OwnerReference owner : before.getMetadata().getOwnerReferences()) {
      ResourceID id = new ResourceID(owner.getName(), before.getMetadata().getNamespace());
      wake(owner.getKind().equals("Image") ? Topic.ACCESS : Topic.MEMBER, id);
    }
  }

  private void entry(Optional<PublicImage> before, Optional<PublicImage> now) {
    before
        .map(PublicImage::getSpec)
        .ifPresent(spec -> wake(Topic.ACCESS, new ResourceID(spec.name(), spec.namespace())));
  }

  /** What others may see of an image is not what its status says of it. */
  void published(ResourceID image) {
    wake(Topic.IMAGE, image);
  }

  private void people(String namespace) {
    for (ImageMember member : around.membersIn(namespace)) {
      wake(Topic.ACCESS, SharedCaches.imageOf(member));
      wake(Topic.MEMBER, ResourceID.fromResource(member));
    }
  }

  private void wakeMembers(List<ImageMember> members) {
    members.forEach(member -> wake(Topic.MEMBER, ResourceID.fromResource(member)));
  }

  private void wake(Topic topic, ResourceID id) {
    receivers.get(topic).accept(id);
  }

  private static <R> R either(Optional<R> before, Optional<R> now) {
    return now.or(() -> before).orElseThrow();
  }

  private static <R> boolean same(Optional<R> before, Optional<R> now, Function<R, Object> aspect) {
    return before.isPresent()
        && now.isPresent()
        && Objects.equals(aspect.apply(before.get()), aspect.apply(now.get()));
  }
}
