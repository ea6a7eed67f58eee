package dev.darkroom.access;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.api.OperatingSystem;
import dev.darkroom.api.PublicImage;
import dev.darkroom.api.PublicImageSpecBuilder;
import dev.darkroom.api.PublicImageSummary;
import dev.darkroom.api.Visibility;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the PublicImage of an image: its entry in the cluster's catalogue. */
public final class CatalogueEntry {

  private CatalogueEntry() {}

  /**
   * The entry of an image. Empty unless the image is public, not hidden, ready and serves bytes. A
   * link has no entry; its root has one when the root is public.
   */
  public static Optional<PublicImage> of(Image image) {
    ImageStatus status = image.getStatus();
    boolean listed =
        image.getMetadata().getDeletionTimestamp() == null
            && image.getSpec().visibility() == Visibility.PUBLIC
            && !image.getSpec().hidden()
            && !Links.isLink(image)
            && Content.of(image) == Content.SERVED
            && Links.isReady(image);
    if (!listed) {
      return Optional.empty();
    }
    PublicImage entry = new PublicImage();
    entry.setMetadata(
        new ObjectMetaBuilder()
            .withName(name(image.getMetadata().getNamespace(), image.getMetadata().getName()))
            .addToLabels(Grant.MANAGED_BY, Grant.OPERATOR)
            .addToLabels(ImageLabels.describing(image))
            .build());
    entry.setSpec(
        PublicImageSpecBuilder.builder()
            .namespace(image.getMetadata().getNamespace())
            .name(image.getMetadata().getName())
            .displayName(image.getSpec().displayName())
            .os(image.getSpec().os())
            .diskFormat(status.diskFormat())
            .size(status.size())
            .virtualSize(status.virtualSize())
            .digest(status.digest())
            .summary(
                new PublicImageSummary(
                    status.summary() == null ? null : status.summary().size(),
                    system(image.getSpec().os())))
            .build());
    return Optional.of(entry);
  }

  /** The name of the entry of an image. */
  public static String name(String namespace, String image) {
    return ShortNames.object(namespace + "." + image);
  }

  /** Whether an existing entry equals the wanted one in spec and labels. */
  public static boolean isAsWanted(PublicImage wanted, PublicImage actual) {
    Map<String, String> labels =
        Objects.requireNonNullElse(actual.getMetadata().getLabels(), Map.of());
    return wanted.getSpec().equals(actual.getSpec())
        && labels.equals(wanted.getMetadata().getLabels());
  }

  static String system(OperatingSystem os) {
    if (os == null) {
      return null;
    }
    String text =
        Stream.of(os.distro(), os.version())
            .filter(Objects::nonNull)
            .collect(Collectors.joining(" "));
    return text.isEmpty() ? os.type() : text;
  }
}
