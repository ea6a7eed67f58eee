package dev.darkroom.controller.source;

import dev.darkroom.api.ChecksumFromSpec;
import dev.darkroom.api.ImageImportSpec;
import dev.darkroom.api.KeyHolder;
import dev.darkroom.api.PublicKeyReference;
import dev.darkroom.api.SignatureSpec;
import dev.darkroom.controller.support.PrerequisiteException;
import dev.darkroom.controller.support.ReferencedObjects;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceException;
import dev.darkroom.sums.SignatureInvalidException;
import dev.darkroom.sums.VerificationKey;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.PublishedChecksum;
import dev.darkroom.transfer.model.Reason;
import java.net.URI;
import java.util.Optional;

/** Makes the lookup of a published checksum from a manifest. */
final class PublishedChecksums {

  /** Makes the source of a checksums file or a signature. */
  @FunctionalInterface
  interface Opener {
    /** The source of a URL in checksumFrom. */
    Source open(String url) throws SourceException, PrerequisiteException;
  }

  private final ReferencedObjects references;

  PublishedChecksums(ReferencedObjects references) {
    this.references = references;
  }

  /**
   * Makes the lookup. Reads the publisher's key from the API server when a signature is required.
   *
   * @param spec the import
   * @param algorithm of the digest; empty for the strongest
   * @throws PrerequisiteException when the key is missing or is not a public key
   */
  PublishedChecksum of(
      ChecksumFromSpec from,
      ImageImportSpec spec,
      Optional<Checksum.Algorithm> algorithm,
      Opener opener,
      String namespace)
      throws SourceException, PrerequisiteException {
    Optional<PublishedChecksum.SignedBy> signedBy = Optional.empty();
    if (from.signature() != null) {
      SignatureSpec signature = from.signature();
      signedBy =
          Optional.of(
              new PublishedChecksum.SignedBy(
                  key(signature.publicKeyRef(), namespace),
                  Optional.of(opener.open(signature.url()))));
    }
    return new PublishedChecksum(opener.open(from.url()), entry(from, spec), algorithm, signedBy);
  }

  private VerificationKey key(PublicKeyReference ref, String namespace)
      throws PrerequisiteException {
    byte[] key =
        ref.kind() == KeyHolder.SECRET
            ? references.secretBytes(namespace, ref.name(), ref.key())
            : references.configMapBytes(namespace, ref.name(), ref.key());
    try {
      return VerificationKey.parse(key);
    } catch (SignatureInvalidException e) {
      throw new PrerequisiteException(
          Reason.SIGNATURE_INVALID,
          "Entry %s of %s %s is not a public key: %s"
              .formatted(
                  ref.key(),
                  ref.kind() == KeyHolder.SECRET ? "Secret" : "ConfigMap",
                  ref.name(),
                  e.getMessage()));
    }
  }

  private static String entry(ChecksumFromSpec from, ImageImportSpec spec)
      throws PrerequisiteException {
    if (from.entry() != null) {
      return from.entry();
    }
    String path = "";
    if (spec.web() != null) {
      path = Optional.ofNullable(URI.create(spec.web().url()).getPath()).orElse("");
    } else if (spec.s3() != null) {
      path = spec.s3().key();
    }
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (name.isEmpty()) {
      throw new PrerequisiteException(
          Reason.INVALID_SOURCE,
          "The source has no file name; set checksumFrom.entry to its name in the checksums file.");
    }
    return name;
  }
}
