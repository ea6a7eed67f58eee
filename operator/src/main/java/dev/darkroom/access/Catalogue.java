package dev.darkroom.access;

import dev.darkroom.api.Acceptance;
import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageReference;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.api.LinkTarget;
import dev.darkroom.api.OperatingSystem;
import dev.darkroom.api.PublicImage;
import dev.darkroom.api.PublicImageSpec;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The images that a namespace can see, with the reason. A community image is listed only where a
 * link refers to it: it is found by its name.
 */
public final class Catalogue {

  /** The reason that an image is visible. */
  public enum Why {
    /** An image of the namespace. */
    OWN("own"),
    /** A shared image that the namespace accepted. */
    ACCEPTED("shared, accepted"),
    /** An image with a link in the namespace. */
    LINKED("link"),
    /** A shared image whose offer has no answer yet. */
    PENDING("shared, pending"),
    /** A public image. */
    PUBLIC("public");

    private final String words;

    Why(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /** Whether hidden images are listed. */
  public enum Hidden {
    /** Hidden images are left out. */
    LEFT_OUT,
    /** Hidden images are listed too. */
    LISTED
  }

  /**
   * A line of the catalogue.
   *
   * @param name in this namespace; without a name here, in its own namespace
   * @param from {@code namespace/name} of the image; empty unless one of the two differs
   * @param why the reason that it is visible
   * @param format of the disk; empty until it is known
   * @param size in bytes; empty until it is known
   * @param os operating system; empty when the owner set none
   */
  public record Listing(
      String name,
      Optional<String> from,
      Why why,
      Optional<String> format,
      Optional<Long> size,
      Optional<String> os) {}

  private Catalogue() {}

  /**
   * The lines, sorted by reason (own images first) and name.
   *
   * @param images all images of the namespace
   * @param offers ImageMembers of any namespaces
   * @param published all PublicImages
   */
  public static List<Listing> of(
      String namespace,
      Collection<Image> images,
      Collection<ImageMember> offers,
      Collection<PublicImage> published,
      Hidden hidden) {
    Stream<Listing> present =
        images.stream()
            .filter(image -> hidden == Hidden.LISTED || !image.getSpec().hidden())
            .map(Catalogue::present);
    Stream<Listing> offered =
        offers.stream()
            .filter(member -> member.getSpec().namespace().equals(namespace))
            .filter(member -> member.getSpec().acceptance() == Acceptance.PENDING)
            .filter(Catalogue::isOpen)
            .map(Catalogue::offered);
    Stream<Listing> listed =
        published.stream()
            .map(PublicImage::getSpec)
            .filter(image -> !image.namespace().equals(namespace))
            .map(Catalogue::published);
    return Stream.of(present, offered, listed)
        .flatMap(lines -> lines)
        .sorted(Comparator.comparing(Listing::why).thenComparing(Listing::name))
        .toList();
  }

  /** Whether the offer counts: its condition has reason Offered. */
  private static boolean isOpen(ImageMember member) {
    return member.getStatus() != null
        && member.getStatus().conditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getReason().equals("Offered"));
  }

  private static Listing present(Image image) {
    ImageStatus status = Objects.requireNonNullElseGet(image.getStatus(), ImageStatus::empty);
    boolean isLink = Links.isLink(image);
    return new Listing(
        image.getMetadata().getName(),
        isLink ? Optional.of(root(image, status.link())) : Optional.empty(),
        isLink ? whyLinked(image) : Why.OWN,
        Optional.ofNullable(status.diskFormat()),
        Optional.ofNullable(status.size()),
        system(image.getSpec().os()));
  }

  private static Why whyLinked(Image link) {
    Map<String, String> labels = link.getMetadata().getLabels();
    return labels != null && labels.containsKey(ApiGroup.MEMBER_LABEL) ? Why.ACCEPTED : Why.LINKED;
  }

  private static String root(Image link, LinkTarget found) {
    ImageReference reference = link.getSpec().source().image();
    return found == null
        ? reference.namespaceOr(link.getMetadata().getNamespace()) + "/" + reference.name()
        : found.namespace() + "/" + found.name();
  }

  private static Listing offered(ImageMember member) {
    String name = member.getSpec().imageRef().name();
    return new Listing(
        name,
        Optional.of(member.getMetadata().getNamespace() + "/" + name),
        Why.PENDING,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Listing published(PublicImageSpec image) {
    return new Listing(
        image.name(),
        Optional.of(image.namespace() + "/" + image.name()),
        Why.PUBLIC,
        Optional.ofNullable(image.diskFormat()),
        Optional.ofNullable(image.size()),
        system(image.os()));
  }

  private static Optional<String> system(OperatingSystem os) {
    return Optional.ofNullable(CatalogueEntry.system(os));
  }
}
