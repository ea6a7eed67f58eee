package dev.darkroom.sums;

import java.time.Instant;
import java.util.Optional;

/**
 * What a publisher says of one file.
 *
 * @param sum its digest
 * @param signer who signed it; empty where nobody was asked to
 */
public record PublishedSums(Sum sum, Optional<Signer> signer) {

  /** The largest sums file that is read; that of a large distribution has some 100 KiB. */
  public static final int MAX_BYTES = 1 << 20;

  /**
   * Which signature a sums file must have.
   *
   * @param key whose it must be
   * @param detached the signature; empty where the sums file itself is an OpenPGP clear-signed
   *     message
   */
  public record SignedBy(VerificationKey key, Optional<byte[]> detached) {}

  /**
   * Reads one digest from a sums file, after its signature was checked.
   *
   * @param document the sums file, or a single bare digest
   * @param name the file whose digest is wanted
   * @param algorithm which digest, where there are several; empty for the strongest
   * @param now for the validity of keys
   * @throws SignatureInvalidException when a signature is asked for and does not count
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
        // Only what was signed, never what stands around it.
        sums = message.text();
      }
    }
    return new PublishedSums(SumsFile.parse(sums).find(name, algorithm), signer);
  }
}
