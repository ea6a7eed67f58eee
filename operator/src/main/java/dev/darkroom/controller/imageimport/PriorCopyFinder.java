package dev.darkroom.controller.imageimport;

import dev.darkroom.api.Decompression;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImportSpec;
import dev.darkroom.api.ImageSpec;
import dev.darkroom.store.Blob;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Delivered;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.PriorCopies;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Knows the copies of an Image that was here before: one that was restored from a backup has its
 * spec, but another uid and no status, and what it had is still in the stores.
 *
 * <p>They are its own if namespace and name are the same, they were delivered on the same terms,
 * and either have the checksum that is asked for or, where none is, come from the same source.
 * Nobody gets at what another namespace, or another Image, has had: not by any digest.
 */
final class PriorCopyFinder {

  private final Image image;
  private final ImageImportSpec job;
  private final Optional<Checksum> checksum;

  private PriorCopyFinder(Image image, ImageImportSpec job, Optional<Checksum> checksum) {
    this.image = image;
    this.job = job;
    this.checksum = checksum;
  }

  /**
   * Those that an import need not bring again.
   *
   * @param checksum that the bytes as delivered must have
   */
  static PriorCopies of(Image image, ImageImportSpec job, Optional<Checksum> checksum) {
    String prefix = image.getMetadata().getNamespace() + "/" + image.getMetadata().getName() + "-";
    return new PriorCopies(prefix, new PriorCopyFinder(image, job, checksum)::fits);
  }

  private boolean fits(Blob blob, Facts facts) {
    Map<String, String> attributes = blob.attributes();
    String namespace = image.getMetadata().getNamespace();
    String name = image.getMetadata().getName();
    // What follows the name in the key could be the rest of a longer name.
    return namespace.equals(attributes.get("namespace"))
        && name.equals(attributes.get("name"))
        && blob.key().value().equals(namespace + "/" + name + "-" + attributes.get("uid"))
        && spec(attributes).filter(former -> sameBytes(former, facts)).isPresent();
  }

  private boolean sameBytes(ImageSpec former, Facts facts) {
    ImageSpec now = image.getSpec();
    boolean sameTerms =
        former.diskFormat() == now.diskFormat()
            && former.decompress() == now.decompress()
            && former.convertTo() == now.convertTo()
            && Objects.equals(former.checksumFrom(), now.checksumFrom())
            && addsNothing();
    if (!sameTerms) {
      return false;
    }
    if (checksum.isEmpty()) {
      return now.source() != null && now.source().equals(former.source());
    }
    Map<Checksum.Algorithm, String> delivered =
        facts.delivered().map(Delivered::digests).orElse(facts.digests());
    return checksum.get().hex().equals(delivered.get(checksum.get().algorithm()));
  }

  /** Whether the import has no terms but the image's: what it had then is not known. */
  private boolean addsNothing() {
    ImageSpec spec = image.getSpec();
    return (job.convertTo() == null || job.convertTo() == spec.convertTo())
        && (job.checksumFrom() == null || job.checksumFrom().equals(spec.checksumFrom()))
        && (job.decompress() == Decompression.AUTO || job.decompress() == spec.decompress());
  }

  /** Empty when it is of a release that said it in another way. */
  private static Optional<ImageSpec> spec(Map<String, String> attributes) {
    try {
      return Optional.ofNullable(
          Serialization.unmarshal(attributes.getOrDefault("spec", "null"), ImageSpec.class));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }
}
