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
 * Finds the copies of an earlier Image of the same name, to adopt them. An Image that was restored
 * from a backup has the earlier spec, but another uid and no status; its copies are still in the
 * stores.
 *
 * <p>A copy is adopted when namespace, name and delivery terms are equal, and when it has the
 * requested checksum or, without one, comes from the same source. Copies of another namespace or
 * another name are never adopted, whatever their digest.
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
   * The copies that an import may adopt.
   *
   * @param checksum that the delivered bytes must have
   */
  static PriorCopies of(Image image, ImageImportSpec job, Optional<Checksum> checksum) {
    String prefix = image.getMetadata().getNamespace() + "/" + image.getMetadata().getName() + "-";
    return new PriorCopies(prefix, new PriorCopyFinder(image, job, checksum)::fits);
  }

  private boolean fits(Blob blob, Facts facts) {
    Map<String, String> attributes = blob.attributes();
    String namespace = image.getMetadata().getNamespace();
    String name = image.getMetadata().getName();
    // The name in the key may be the start of a longer name.
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

  /** Whether the import adds no terms to its image: the terms of the earlier import are unknown. */
  private boolean addsNothing() {
    ImageSpec spec = image.getSpec();
    return (job.convertTo() == null || job.convertTo() == spec.convertTo())
        && (job.checksumFrom() == null || job.checksumFrom().equals(spec.checksumFrom()))
        && (job.decompress() == Decompression.AUTO || job.decompress() == spec.decompress());
  }

  /** The spec of the earlier Image; empty when another release wrote it in another form. */
  private static Optional<ImageSpec> spec(Map<String, String> attributes) {
    try {
      return Optional.ofNullable(
          Serialization.unmarshal(attributes.getOrDefault("spec", "null"), ImageSpec.class));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }
}
