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
 * Who asks must be allowed to see every image on the way.
 */
public final class Links {

  /** Why there are no bytes at the end of a reference. */
  public enum Obstacle {
    /** What it says can't be: it leads to itself, or over too many links. */
    INVALID,
    /** There is no such image, or it may not be seen; which of these is not told. */
    NOT_VISIBLE,
    /** It could be seen before. */
    REVOKED,
    /** The image's owner withholds the bytes. */
    DEACTIVATED,
    /** The image has no bytes yet. */
    WITHOUT_BYTES,
    /** The image has other bytes than those that the link has shown. */
    DIGEST_CHANGED
  }

  /** Where a reference leads. */
  public sealed interface Target {

    /** To that image, which is not a link and has bytes to give. */
    record Root(Image image) implements Target {}

    /**
     * To nothing that can be used now.
     *
     * @param why in one word
     * @param sentence for people
     */
    record Not(Obstacle why, String sentence) implements Target {}
  }

  private final BiFunction<String, String, Optional<Image>> images;
  private final Function<Image, Sharing> sharing;

  /**
   * Follows them.
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
   * Whether an image is a link: it refers to another image and asks for no copies. Once it has
   * shown the bytes of another it stays one; and one that has copies of its own never becomes one.
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

  /** Whether an image names stores to be in. */
  public static boolean asksForCopies(Image image) {
    return !image.getSpec().stores().isEmpty() || image.getSpec().allStores();
  }

  /** Whether an image says of itself that it is ready. */
  static boolean isReady(Image image) {
    return image.getStatus() != null
        && image.getStatus().conditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && "True".equals(c.getStatus()));
  }

  /** Where a link leads, given what it has shown before. */
  public Target follow(Image link) {
    if (asksForCopies(link)) {
      return new Target.Not(
          Obstacle.INVALID,
          "A link stays a link: remove spec.stores and spec.allStores, or create another Image for a"
              + " copy.");
    }
    ImageStatus before = Objects.requireNonNullElseGet(link.getStatus(), ImageStatus::empty);
    ImageReference reference = link.getSpec().source().image();
    String namespace = link.getMetadata().getNamespace();
    Target target = follow(reference, namespace, link.getMetadata().getName());
    if (target instanceof Target.Not not
        && not.why() == Obstacle.NOT_VISIBLE
        && before.link() != null
        && find(reference, namespace).isPresent()
        && isThere(before.link())) {
      return new Target.Not(
          Obstacle.REVOKED,
          "Namespace " + namespace + " may not see " + text(reference, namespace) + " any more.");
    }
    if (target instanceof Target.Root root
        && before.digest() != null
        && !before.digest().equals(root.image().getStatus().digest())) {
      return new Target.Not(
          Obstacle.DIGEST_CHANGED,
          "Image "
              + text(root.image())
              + " has other bytes now: "
              + root.image().getStatus().digest()
              + ". This link is for "
              + before.digest()
              + "; create another Image for the new ones.");
    }
    return target;
  }

  /**
   * Where the reference of an image leads.
   *
   * @param namespace of the image that refers
   * @param name of the image that refers
   */
  public Target follow(ImageReference reference, String namespace, String name) {
    if (isSame(reference, namespace, namespace, name)) {
      return new Target.Not(Obstacle.INVALID, "The image refers to itself.");
    }
    Optional<Image> first = visible(reference, namespace, namespace);
    if (first.isEmpty()) {
      return notVisible(reference, namespace, namespace);
    }
    if (!isLink(first.get())) {
      return withBytes(first.get());
    }
    ImageReference second = first.get().getSpec().source().image();
    String there = first.get().getMetadata().getNamespace();
    if (isSame(second, there, namespace, name)
        || isSame(second, there, there, first.get().getMetadata().getName())) {
      return new Target.Not(
          Obstacle.INVALID,
          text(reference, namespace) + " is a link that leads back: there are no bytes.");
    }
    Optional<Image> root = visible(second, there, namespace);
    if (root.isEmpty()) {
      return notVisible(second, there, namespace);
    }
    if (isLink(root.get())) {
      return new Target.Not(
          Obstacle.INVALID,
          text(reference, namespace)
              + " is a link to a link; refer to the image at the end of them.");
    }
    return first.get().getSpec().deactivated() ? deactivated(first.get()) : withBytes(root.get());
  }

  private static Target withBytes(Image image) {
    return switch (Content.of(image)) {
      case SERVED -> new Target.Root(image);
      case DEACTIVATED -> deactivated(image);
      case NONE ->
          new Target.Not(
              Obstacle.WITHOUT_BYTES,
              "Image " + text(image) + " has no bytes yet; it is waited for.");
    };
  }

  private static Target deactivated(Image image) {
    return new Target.Not(
        Obstacle.DEACTIVATED, "Image " + text(image) + " is deactivated: its bytes are withheld.");
  }

  private Target notVisible(ImageReference reference, String home, String namespace) {
    return new Target.Not(
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
