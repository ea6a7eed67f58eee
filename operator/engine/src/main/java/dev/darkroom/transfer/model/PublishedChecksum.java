package dev.darkroom.transfer.model;

import dev.darkroom.source.Source;
import dev.darkroom.sums.VerificationKey;
import java.util.Optional;

/**
 * A checksum that is not written in a request but read, before bytes flow, from a file of the
 * publisher's.
 *
 * @param sums the sums file; of at most 1 MiB
 * @param entry the image's name in it
 * @param algorithm which digest, where there are several; empty for the strongest
 * @param signedBy whose signature the sums file must have; empty to believe it as it is
 */
public record PublishedChecksum(
    Source sums,
    String entry,
    Optional<Checksum.Algorithm> algorithm,
    Optional<SignedBy> signedBy) {

  /**
   * Which signature a sums file must have.
   *
   * @param key whose it must be
   * @param signature the detached signature, of at most 64 KiB; empty where the sums file is an
   *     OpenPGP clear-signed message
   */
  public record SignedBy(VerificationKey key, Optional<Source> signature) {}

  /** What tells it from others, in words that hold no secret. */
  String describe() {
    return "%s %s %s %s"
        .formatted(
            sums.describe(),
            entry,
            algorithm.map(Checksum.Algorithm::apiName).orElse(""),
            signedBy.flatMap(SignedBy::signature).map(Source::describe).orElse(""));
  }
}
