package dev.darkroom.controller.imageimport;

import dev.darkroom.api.ChecksumFromSpec;
import dev.darkroom.api.ConversionTarget;
import dev.darkroom.api.Decompression;
import dev.darkroom.api.ImageImportSpec;
import dev.darkroom.api.ImageSpec;
import dev.darkroom.controller.source.SourceResolver;
import dev.darkroom.controller.support.PrerequisiteException;
import dev.darkroom.convert.TargetFormat;
import dev.darkroom.source.SourceException;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Decompress;
import dev.darkroom.transfer.model.DeliveryTerms;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.PublishedChecksum;
import dev.darkroom.transfer.model.Reason;
import java.util.Optional;

/** The terms of a delivery, from an import and its Image together. */
final class ImportTerms {

  private final ImageImportSpec job;
  private final ImageSpec image;

  ImportTerms(ImageImportSpec job, ImageSpec image) {
    this.job = job;
    this.image = image;
  }

  /**
   * The terms for bytes of a source. Reads a publisher's key from the API server.
   *
   * @param checksum that the bytes must have besides
   * @throws PrerequisiteException when the two specs contradict each other, or a key is missing
   */
  DeliveryTerms of(SourceResolver sources, Optional<Checksum> checksum, String namespace)
      throws SourceException, PrerequisiteException {
    Optional<ChecksumFromSpec> from =
        either("checksumFrom", job.checksumFrom(), image.checksumFrom());
    Optional<PublishedChecksum> published = Optional.empty();
    if (from.isPresent()) {
      published =
          Optional.of(
              sources.published(from.get(), job, checksum.map(Checksum::algorithm), namespace));
    }
    boolean never =
        job.decompress() == Decompression.NEVER || image.decompress() == Decompression.NEVER;
    return new DeliveryTerms(
        published, never ? Decompress.NEVER : Decompress.AUTO, target().map(ImportTerms::format));
  }

  /**
   * Checks the terms for verified bytes: they are copied without change.
   *
   * @throws PrerequisiteException when the specs ask for a checksum lookup or a conversion
   */
  void requireNoneFor(Facts facts) throws PrerequisiteException {
    if (either("checksumFrom", job.checksumFrom(), image.checksumFrom()).isPresent()) {
      throw new PrerequisiteException(
          Reason.INVALID_SOURCE,
          "checksumFrom can't be used with an Image as source: its bytes are verified already.");
    }
    Optional<TargetFormat> target = target().map(ImportTerms::format);
    if (target.isPresent() && target.get().format() != facts.format().openedAs()) {
      throw new PrerequisiteException(
          Reason.INVALID_SOURCE,
          "convertTo can't change a copy of an Image: the source Image is %s."
              .formatted(facts.format().apiName()));
    }
  }

  private Optional<ConversionTarget> target() throws PrerequisiteException {
    Optional<ConversionTarget> target = either("convertTo", job.convertTo(), image.convertTo());
    if (target.isPresent() && target.get() == ConversionTarget.UNKNOWN) {
      throw new PrerequisiteException(
          Reason.NOT_UNDERSTOOD,
          "convertTo has a value that this release of Darkroom does not know.");
    }
    return target;
  }

  private static TargetFormat format(ConversionTarget target) {
    return switch (target) {
      case RAW -> TargetFormat.RAW;
      case QCOW2 -> TargetFormat.QCOW2;
      case UNKNOWN -> throw new IllegalArgumentException("no format: " + target);
    };
  }

  private static <T> Optional<T> either(String field, T own, T ofImage)
      throws PrerequisiteException {
    if (own != null && ofImage != null && !own.equals(ofImage)) {
      throw new PrerequisiteException(
          Reason.INVALID_SOURCE,
          "The import and its Image have different values of " + field + ".");
    }
    return Optional.ofNullable(own).or(() -> Optional.ofNullable(ofImage));
  }
}
