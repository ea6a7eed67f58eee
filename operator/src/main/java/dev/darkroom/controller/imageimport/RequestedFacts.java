package dev.darkroom.controller.imageimport;

import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImportSpec;
import dev.darkroom.controller.support.PrerequisiteException;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Reason;
import java.util.Optional;

/** Reads the checksum and the format that an import and its Image request, and compares them. */
final class RequestedFacts {

  private RequestedFacts() {}

  /** Verified bytes are not read again: the request is compared with their facts. */
  static void requireAgreement(
      Facts facts, Optional<Checksum> checksum, Optional<DiskFormat> format)
      throws PrerequisiteException {
    if (format.isPresent() && format.get() != facts.format()) {
      throw new PrerequisiteException(
          Reason.FORMAT_MISMATCH,
          "The source Image is %s, but spec.diskFormat declares %s."
              .formatted(facts.format().apiName(), format.get().apiName()));
    }
    if (checksum.isEmpty()) {
      return;
    }
    String found = facts.digests().get(checksum.get().algorithm());
    if (found == null) {
      throw new PrerequisiteException(
          Reason.INVALID_SOURCE,
          "The source Image has no %s digest; use its sha256 as the checksum: %s."
              .formatted(checksum.get().algorithm().apiName(), facts.sha256()));
    }
    if (!found.equals(checksum.get().hex())) {
      throw new PrerequisiteException(
          Reason.CHECKSUM_MISMATCH,
          "The checksum must be %s, but the source Image has %s."
              .formatted(checksum.get(), new Checksum(checksum.get().algorithm(), found)));
    }
  }

  /** The declared format of an image; empty without one. */
  static Optional<DiskFormat> format(Image image) throws PrerequisiteException {
    if (image.getSpec().diskFormat() == DiskFormatName.UNKNOWN) {
      throw new PrerequisiteException(
          Reason.NOT_UNDERSTOOD,
          "spec.diskFormat has a value that this release of Darkroom does not know.");
    }
    return Optional.ofNullable(image.getSpec().diskFormat())
        .map(DiskFormatName::apiName)
        .flatMap(DiskFormat::of);
  }

  /** The requested checksum of an import or its Image; the two must not differ. */
  static Optional<Checksum> checksum(ImageImportSpec spec, Image image)
      throws PrerequisiteException {
    Optional<Checksum> own = checksum(spec.checksum());
    Optional<Checksum> ofImage = checksum(image.getSpec().checksum());
    if (own.isPresent() && ofImage.isPresent() && !own.equals(ofImage)) {
      throw new PrerequisiteException(
          Reason.INVALID_SOURCE,
          "The checksums differ: the import has "
              + own.get()
              + ", its Image has "
              + ofImage.get()
              + ".");
    }
    return own.or(() -> ofImage);
  }

  /** Parses a checksum of a spec; empty without one. */
  static Optional<Checksum> checksum(String text) throws PrerequisiteException {
    if (text == null) {
      return Optional.empty();
    }
    Optional<Checksum> checksum = Checksum.parse(text);
    if (checksum.isEmpty()) {
      throw new PrerequisiteException(Reason.INVALID_SOURCE, "Not a checksum: " + text);
    }
    return checksum;
  }
}
