package dev.darkroom.access;

import dev.darkroom.api.Acceptance;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageMemberSpecBuilder;
import dev.darkroom.api.ImageReference;
import dev.darkroom.api.ImageSourceBuilder;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStatusBuilder;
import dev.darkroom.api.LinkTarget;
import dev.darkroom.api.ObjectReference;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.function.UnaryOperator;

/** Objects as an API server returns them. */
final class Given {

  static final String DIGEST = "sha256:" + "ab".repeat(32);

  private Given() {}

  /** An image with only the fields that the test sets. */
  static Image image(String namespace, String name, UnaryOperator<ImageSpecBuilder> spec) {
    Image image = new Image();
    image.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName(name)
            .withUid("uid-of-" + namespace + "-" + name)
            .build());
    image.setSpec(spec.apply(ImageSpecBuilder.builder()).build());
    return image;
  }

  /** Gives the image bytes and makes it ready. */
  static Image withBytes(Image image) {
    image.setStatus(
        ImageStatusBuilder.builder()
            .digest(DIGEST)
            .size(3L << 20)
            .diskFormat("qcow2")
            .conditions(
                List.of(new ConditionBuilder().withType("Ready").withStatus("True").build()))
            .build());
    return image;
  }

  static Image link(String namespace, String name, String toNamespace, String toName) {
    return image(
        namespace,
        name,
        spec ->
            spec.source(
                ImageSourceBuilder.builder()
                    .image(new ImageReference(toNamespace, toName))
                    .build()));
  }

  /** Gives the link the status of an earlier target. */
  static Image thatHasShown(Image root, Image link) {
    link.setStatus(
        ImageStatusBuilder.builder()
            .digest(DIGEST)
            .link(
                new LinkTarget(
                    root.getMetadata().getNamespace(),
                    root.getMetadata().getName(),
                    root.getMetadata().getUid()))
            .build());
    return link;
  }

  /** A member of the image; a later name is younger. */
  static ImageMember member(String name, Image image, String namespace, Acceptance acceptance) {
    ImageMember member = new ImageMember();
    member.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(image.getMetadata().getNamespace())
            .withName(name)
            .withUid("uid-of-" + name)
            .withCreationTimestamp("2026-11-01T08:00:00Z")
            .build());
    member.setSpec(
        ImageMemberSpecBuilder.builder()
            .imageRef(new ObjectReference(image.getMetadata().getName()))
            .namespace(namespace)
            .acceptance(acceptance)
            .build());
    return member;
  }
}
