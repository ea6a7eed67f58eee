package dev.darkroom.access;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageReference;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.api.LinkTarget;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Follows references from one image to another: a link or a copy to the image that has the bytes.
 * Every image on the way must be visible to the referring namespace.
 */
public final class Links {

  /** Why a reference leads to no bytes. */
  public enum Obstacle {
    /** The reference leads to itself, or over more than one link. */
    INVALID,
    /** The image does not exist or is not visible; the two are not distinguished. */
    NOT_VISIBLE,
    /** The image was visible before. */
    REVOKED,
    /** The image is deactivated: its bytes are withheld. */
    DEACTIVATED,
    /** The image has no bytes yet. */
    WITHOUT_BYTES,
    /** The bytes of the image are not the bytes that the link reported. */
    DIGEST_CHANGED
  }

  /** The result of following a reference. */
  public sealed interface Resolution {

    /** An image that is not a link and serves bytes. */
    record Root(Image image) implements Resolution {}

    /**
     * No usable image.
     *
     * @param why the obstacle
     * @param sentence the message for users
     */
    record Obstructed(Obstacle why, String sentence) implements Resolution {}
  }

  private final BiFunction<String, String, Optional<Image>> images;
  private final Function<Image, Sharing> sharing;

  /**
   * Follows references.
   *
   * @param images by namespace and name
   * @param sharing of an image
   */
  public Links(
      BiFunction<String, String, Optional<Image>> images, Function<Image, Sharing> sharing) {
    this.images = images;
    this.sharing = sharing;
  }

  /**
   * Whether an image is a link: its source is another image, and it requests no copies. A link with
   * a resolved target stays a link; an image with copies of its own never becomes a link.
   */
  public static boolean isLink(Image image) {
    if (image.getSpec().source() == null || image.getSpec().source().image() == null) {
      return false;
    }
    ImageStatus status = Objects.requireNonNullElseGet(image.getStatus(), ImageStatus::empty);
    if (status.link() != null || status.digest() != null) {
      return status.link() != null;
    }
    return !asksForCopies(image);
  }

  /** Whether an image requests copies in stores. */
  public static boolean asksForCopies(Image image) {
    return !image.getSpec().stores().isEmpty() || image.getSpec().allStores();
  }

  /** Whether an image has condition Ready. */
  static boolean isReady(Image image) {
    return image.getStatus() != null
        && image.getStatus().conditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && "True".equals(c.getStatus()));
  }

  /** The target of a link, compared with the last status of the link. */
  public Resolution follow(Image link) {
    if (asksForCopies(link)) {
      return new Resolution.Obstructed(
          Obstacle.INVALID,
          "A link has no copies: remove spec.stores and spec.allStores, or create another Image as a"
              + " copy.");
    }
    ImageStatus before = Objects.requireNonNullElseGet(link.getStatus(), ImageStatus::empty);
    ImageReference reference = link.getSpec().source().image();
    String namespace = link.getMetadata().getNamespace();
    Resolution target = follow(reference, namespace, link.getMetadata().getName());
    if (target instanceof Resolution.Obstructed not
        && not.why() == Obstacle.NOT_VISIBLE
        && before.link() != null
        && find(reference, namespace).isPresent()
        && isThere(before.link())) {
      return new Resolution.Obstructed(
          Obstacle.REVOKED,
          "Namespace " + namespace + " may not see " + text(reference, namespace) + " any more.");
    }
    if (target instanceof Resolution.Root root
        && before.digest() != null
        && !before.digest().equals(root.image().getStatus().digest())) {
      return new Resolution.Obstructed(
          Obstacle.DIGEST_CHANGED,
          "Image "
              + text(root.image())
              + " now has digest "
              + root.image().getStatus().digest()
              + ". This link is for digest "
              + before.digest()
              + "; create another Image for the new bytes.");
    }
    return target;
  }

  /**
   * The target of a reference.
   *
   * @param namespace of the image that refers
   * @param name of the image that refers
   */
  public Resolution follow(ImageReference reference, String namespace, String name) {
    if (isSame(reference, namespace, namespace, name)) {
      return new Resolution.Obstructed(Obstacle.INVALID, "The image refers to itself.");
    }
    Optional<Image> first = visible(reference, namespace, namespace);
    if (first.isEmpty()) {
      return notVisible(reference, namespace, namespace);
    }
    if (!isLink(first.get())) {
      return withBytes(first.get());
    }
    ImageReference second = first.get().getSpec().source().image();
    String home = first.get().getMetadata().getNamespace();
    if (isSame(second, home, namespace, name)
        || isSame(second, home, home, first.get().getMetadata().getName())) {
      return new Resolution.Obstructed(
          Obstacle.INVALID,
          text(reference, namespace) + " is a link that refers back: no Image has the bytes.");
    }
    Optional<Image> root = visible(second, home, namespace);
    if (root.isEmpty()) {
      return notVisible(second, home, namespace);
    }
    if (isLink(root.get())) {
      return new Resolution.Obstructed(
          Obstacle.INVALID,
          text(reference, namespace) + " is a link to a link; refer to the Image with the bytes.");
    }
    return first.get().getSpec().deactivated() ? deactivated(first.get()) : withBytes(root.get());
  }

  private static Resolution withBytes(Image image) {
    return switch (Content.of(image)) {
      case SERVED -> new Resolution.Root(image);
      case DEACTIVATED -> deactivated(image);
      case NONE ->
          new Resolution.Obstructed(
              Obstacle.WITHOUT_BYTES, "Image " + text(image) + " has no bytes yet.");
    };
  }

  private static Resolution deactivated(Image image) {
    return new Resolution.Obstructed(
        Obstacle.DEACTIVATED, "Image " + text(image) + " is deactivated: its bytes are withheld.");
  }

  private Resolution notVisible(ImageReference reference, String home, String namespace) {
    return new Resolution.Obstructed(
        Obstacle.NOT_VISIBLE,
        reference.namespaceOr(home).equals(namespace)
            ? "There is no Image " + reference.name() + " in this namespace."
            : "There is no "
                + text(reference, home)
                + " that namespace "
                + namespace
                + " may see.");
  }

  private Optional<Image> visible(ImageReference reference, String home, String namespace) {
    return find(reference, home).filter(image -> sharing.apply(image).by(namespace).granted());
  }

  private boolean isThere(LinkTarget target) {
    return images
        .apply(target.namespace(), target.name())
        .filter(image -> image.getMetadata().getUid().equals(target.uid()))
        .isPresent();
  }

  private Optional<Image> find(ImageReference reference, String home) {
    return images
        .apply(reference.namespaceOr(home), reference.name())
        .filter(image -> image.getMetadata().getDeletionTimestamp() == null);
  }

  private static boolean isSame(
      ImageReference reference, String home, String namespace, String name) {
    return reference.name().equals(name) && reference.namespaceOr(home).equals(namespace);
  }

  private static String text(ImageReference reference, String home) {
    return "Image " + reference.namespaceOr(home) + "/" + reference.name();
  }

  private static String text(Image image) {
    return image.getMetadata().getNamespace() + "/" + image.getMetadata().getName();
  }
}
