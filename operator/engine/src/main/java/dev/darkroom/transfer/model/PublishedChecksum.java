package dev.darkroom.transfer.model;

import dev.darkroom.source.Source;
import dev.darkroom.sums.VerificationKey;
import java.util.Optional;

/**
 * A checksum that is read, before bytes flow, from a sums file of the publisher.
 *
 * @param sums the sums file; of at most 1 MiB
 * @param entry the name of the blob in the file
 * @param algorithm which digest, if the file has several; empty for the strongest
 * @param signedBy the signature that the sums file must have; empty to require none
 */
public record PublishedChecksum(
    Source sums,
    String entry,
    Optional<Checksum.Algorithm> algorithm,
    Optional<SignedBy> signedBy) {

  /**
   * The signature that a sums file must have.
   *
   * @param key of the signer
   * @param signature the detached signature, of at most 64 KiB; empty where the sums file is an
   *     OpenPGP clear-signed message
   */
  public record SignedBy(VerificationKey key, Optional<Source> signature) {}

  /** The checksum as a part of a fingerprint; without secrets. */
  String describe() {
    return "%s %s %s %s"
        .formatted(
            sums.describe(),
            entry,
            algorithm.map(Checksum.Algorithm::apiName).orElse(""),
            signedBy.flatMap(SignedBy::signature).map(Source::describe).orElse(""));
  }
}
