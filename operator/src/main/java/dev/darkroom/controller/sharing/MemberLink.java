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

/** The link by which an accepted image shows up in the namespace that accepted it. */
public final class MemberLink {

  /** Whether it could be made. */
  enum State {
    /** It is there. */
    THERE,
    /** One that was made before is on its way out; there is word when it is gone. */
    GOING,
    /** An image of that name is there that was not made for this member; it is left alone. */
    TAKEN
  }

  private final KubernetesClient client;
  private final SharedInformers informers;
  private final SharedCaches around;
  private final OwnedObjectApplier declarations;

  public MemberLink(
      KubernetesClient client,
      SharedInformers informers,
      SharedCaches around,
      OwnedObjectApplier declarations) {
    this.client = client;
    this.informers = informers;
    this.around = around;
    this.declarations = declarations;
  }

  /** The name that it has, or would have. */
  static String name(ImageMember member) {
    return member.getSpec().linkName() == null
        ? member.getSpec().imageRef().name()
        : member.getSpec().linkName();
  }

  /**
   * Makes it, if it is not there.
   *
   * @param image that it shows
   */
  State make(ImageMember member, Image image) {
    String namespace = member.getSpec().namespace();
    Optional<Image> there = around.image(namespace, name(member));
    if (there.isEmpty()) {
      there = create(member, image);
    }
    if (there.isEmpty() || !isFor(member, there.get())) {
      return State.TAKEN;
    }
    return there.get().getMetadata().getDeletionTimestamp() == null ? State.THERE : State.GOING;
  }

  /** Removes what was made for the member, whatever its name. */
  void remove(ImageMember member) {
    around.linksOf(member.getMetadata().getUid()).stream()
        .filter(link -> link.getMetadata().getNamespace().equals(member.getSpec().namespace()))
        .filter(link -> link.getMetadata().getDeletionTimestamp() == null)
        .forEach(declarations::delete);
  }

  /** The same for a member that goes: there will be no second look. */
  void removeForGood(ImageMember member) {
    remove(member);
    Optional.ofNullable(member.getStatus())
        .map(status -> status.link())
        .map(ObjectReference::name)
        .flatMap(name -> find(member.getSpec().namespace(), name))
        .filter(link -> isFor(member, link))
        .ifPresent(declarations::delete);
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
