package dev.darkroom.sums;

import java.time.Instant;
import java.util.Optional;

/**
 * A checksum that a publisher lists for a file.
 *
 * @param sum the digest
 * @param signer the verified signer; empty when no signature was required
 */
public record PublishedSums(Sum sum, Optional<Signer> signer) {

  /** The size limit of a sums file; that of a large distribution has some 100 KiB. */
  public static final int MAX_BYTES = 1 << 20;

  /**
   * The required signature of a sums file.
   *
   * @param key the publisher's key
   * @param detached the signature; empty where the sums file itself is an OpenPGP clear-signed
   *     message
   */
  public record SignedBy(VerificationKey key, Optional<byte[]> detached) {}

  /**
   * Reads one digest from a sums file, after the check of its signature.
   *
   * @param document the sums file, or a single bare digest
   * @param name the file to look up
   * @param algorithm selects one of several digests; empty for the strongest
   * @param now the time for the validity of keys
   * @throws SignatureInvalidException when a signature is required and none is valid
   * @throws SumsException when the file has no such digest
   */
  public static PublishedSums read(
      byte[] document,
      String name,
      Optional<SumAlgorithm> algorithm,
      Optional<SignedBy> signedBy,
      Instant now)
      throws SignatureInvalidException, SumsException {
    if (document.length > MAX_BYTES) {
      throw new SumsException(
          SumsException.Kind.UNREADABLE,
          "The sums file is larger than %d bytes.".formatted(MAX_BYTES));
    }
    byte[] sums = document;
    Optional<Signer> signer = Optional.empty();
    if (signedBy.isPresent()) {
      VerificationKey key = signedBy.get().key();
      if (signedBy.get().detached().isPresent()) {
        signer = Optional.of(key.verify(document, signedBy.get().detached().get(), now));
      } else {
        ClearSigned message = ClearSigned.parse(document);
        signer = Optional.of(message.verify(key, now));
        // Only the signed text, not the text around it.
        sums = message.text();
      }
    }
    return new PublishedSums(SumsFile.parse(sums).find(name, algorithm), signer);
  }
}
