package dev.darkroom.controller.sharing;

import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageReference;
import dev.darkroom.api.ImageSourceBuilder;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ObjectReference;
import dev.darkroom.controller.support.OwnedObjectApplier;
import dev.darkroom.controller.support.SharedCaches;
import dev.darkroom.controller.support.SharedInformers;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;

/** Makes the link to an accepted image in the namespace of the member. */
public final class MemberLink {

  /** The state of the link. */
  enum State {
    /** The link exists. */
    EXISTS,
    /** An earlier link is being deleted; an event follows when it is deleted. */
    DELETING,
    /** Another image has the name; it stays unchanged. */
    TAKEN
  }

  private final KubernetesClient client;
  private final SharedInformers informers;
  private final SharedCaches caches;
  private final OwnedObjectApplier applier;

  /** Makes links with the client, and finds them in the caches. */
  public MemberLink(
      KubernetesClient client,
      SharedInformers informers,
      SharedCaches caches,
      OwnedObjectApplier applier) {
    this.client = client;
    this.informers = informers;
    this.caches = caches;
    this.applier = applier;
  }

  /** The name of the link. */
  static String name(ImageMember member) {
    return member.getSpec().linkName() == null
        ? member.getSpec().imageRef().name()
        : member.getSpec().linkName();
  }

  /**
   * Makes the link if it does not exist.
   *
   * @param image the target of the link
   */
  State make(ImageMember member, Image image) {
    String namespace = member.getSpec().namespace();
    Optional<Image> found = caches.image(namespace, name(member));
    if (found.isEmpty()) {
      found = create(member, image);
    }
    if (found.isEmpty() || !isFor(member, found.get())) {
      return State.TAKEN;
    }
    return found.get().getMetadata().getDeletionTimestamp() == null ? State.EXISTS : State.DELETING;
  }

  /** Deletes every link of the member, whatever its name. */
  void remove(ImageMember member) {
    caches.linksOf(member.getMetadata().getUid()).stream()
        .filter(link -> link.getMetadata().getNamespace().equals(member.getSpec().namespace()))
        .filter(link -> link.getMetadata().getDeletionTimestamp() == null)
        .forEach(applier::delete);
  }

  /** The same for a deleted member: reads the link from the API server too, as no retry follows. */
  void removeForGood(ImageMember member) {
    remove(member);
    Optional.ofNullable(member.getStatus())
        .map(status -> status.link())
        .map(ObjectReference::name)
        .flatMap(name -> find(member.getSpec().namespace(), name))
        .filter(link -> isFor(member, link))
        .ifPresent(applier::delete);
  }

  private Optional<Image> create(ImageMember member, Image image) {
    Image link = new Image();
    link.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(member.getSpec().namespace())
            .withName(name(member))
            .withLabels(Map.of(ApiGroup.MEMBER_LABEL, member.getMetadata().getUid()))
            .build());
    link.setSpec(
        ImageSpecBuilder.builder()
            .source(
                ImageSourceBuilder.builder()
                    .image(
                        new ImageReference(
                            image.getMetadata().getNamespace(), image.getMetadata().getName()))
                    .build())
            .displayName(image.getSpec().displayName())
            .os(image.getSpec().os())
            .minDisk(image.getSpec().minDisk())
            .minMemory(image.getSpec().minMemory())
            .build());
    try {
      Image created = client.resource(link).create();
      informers.images().awaitWritten(created);
      return Optional.of(created);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      // Another client was faster, or the cache does not have the namespace.
      return find(member.getSpec().namespace(), name(member));
    }
  }

  private Optional<Image> find(String namespace, String name) {
    return Optional.ofNullable(
        client.resources(Image.class).inNamespace(namespace).withName(name).get());
  }

  private static boolean isFor(ImageMember member, Image link) {
    Map<String, String> labels = link.getMetadata().getLabels();
    return labels != null
        && member.getMetadata().getUid().equals(labels.get(ApiGroup.MEMBER_LABEL));
  }
}
