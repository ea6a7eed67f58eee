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
 * What a namespace can see, and why. Community images are not in it but where there is a link to
 * them: they are found by those who know their names.
 */
public final class Catalogue {

  /** Why a namespace can see an image. */
  public enum Why {
    /** It is its own. */
    OWN("own"),
    /** It was offered and accepted. */
    ACCEPTED("shared, accepted"),
    /** Somebody in the namespace made a link to it. */
    LINKED("link"),
    /** It is offered, and nobody has answered yet. */
    PENDING("shared, pending"),
    /** It is for everybody. */
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

  /** Which images are listed. */
  public enum Hidden {
    /** Those that are hidden are left out. */
    LEFT_OUT,
    /** All. */
    LISTED
  }

  /**
   * A line of it.
   *
   * @param name that the image has in the namespace, or in its own where it has none here
   * @param from {@code namespace/name} of the image itself, where that is in another namespace or
   *     has another name
   * @param why it can be seen
   * @param format of the disk, once it is known
   * @param size in bytes, once it is known
   * @param os that is inside, where the owner said it
   */
  public record Entry(
      String name,
      Optional<String> from,
      Why why,
      Optional<String> format,
      Optional<Long> size,
      Optional<String> os) {}

  private Catalogue() {}

  /**
   * The lines, the namespace's own first, then by reason and name.
   *
   * @param images all of the namespace
   * @param offers ImageMembers, for other namespaces too
   * @param published the entries of everybody's catalogue
   */
  public static List<Entry> of(
      String namespace,
      Collection<Image> images,
      Collection<ImageMember> offers,
      Collection<PublicImage> published,
      Hidden hidden) {
    Stream<Entry> present =
        images.stream()
            .filter(image -> hidden == Hidden.LISTED || !image.getSpec().hidden())
            .map(Catalogue::present);
    Stream<Entry> offered =
        offers.stream()
            .filter(member -> member.getSpec().namespace().equals(namespace))
            .filter(member -> member.getSpec().acceptance() == Acceptance.PENDING)
            .filter(Catalogue::isOpen)
            .map(Catalogue::offered);
    Stream<Entry> listed =
        published.stream()
            .map(PublicImage::getSpec)
            .filter(image -> !image.namespace().equals(namespace))
            .map(Catalogue::published);
    return Stream.of(present, offered, listed)
        .flatMap(lines -> lines)
        .sorted(Comparator.comparing(Entry::why).thenComparing(Entry::name))
        .toList();
  }

  /** The image is shared, and there is room for this member. */
  private static boolean isOpen(ImageMember member) {
    return member.getStatus() != null
        && member.getStatus().conditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getReason().equals("Offered"));
  }

  private static Entry present(Image image) {
    ImageStatus status = Objects.requireNonNullElseGet(image.getStatus(), ImageStatus::empty);
    boolean isLink = Links.isLink(image);
    return new Entry(
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

  private static Entry offered(ImageMember member) {
    String name = member.getSpec().imageRef().name();
    return new Entry(
        name,
        Optional.of(member.getMetadata().getNamespace() + "/" + name),
        Why.PENDING,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Entry published(PublicImageSpec image) {
    return new Entry(
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
