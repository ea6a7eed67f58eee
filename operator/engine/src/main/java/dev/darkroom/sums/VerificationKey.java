package dev.darkroom.sums;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A publisher's public key. The key decides how signatures are checked, never the signature,
 * because the image's owner trusts the key. Immutable.
 */
public sealed interface VerificationKey permits OpenPgpKeys, MinisignKey, CosignKey {

  /** The size limit of a key; a ring of a distribution's keys has some 100 KiB. */
  int MAX_KEY_BYTES = 1 << 20;

  /** The size limit of a detached signature. */
  int MAX_SIGNATURE_BYTES = 64 << 10;

  /**
   * Parses a key: an OpenPGP public key ring, armored or binary; a minisign public key, the file or
   * its second line; a PEM public key as cosign's.
   *
   * @throws SignatureInvalidException for any other format
   */
  static VerificationKey parse(byte[] key) throws SignatureInvalidException {
    if (key.length > MAX_KEY_BYTES) {
      throw new SignatureInvalidException(
          "The public key is larger than %d bytes.".formatted(MAX_KEY_BYTES));
    }
    String text = new String(key, StandardCharsets.ISO_8859_1).strip();
    if (text.startsWith("-----BEGIN PUBLIC KEY-----")) {
      return CosignKey.parse(text);
    }
    if (MinisignKey.looksLike(text)) {
      return MinisignKey.parse(text);
    }
    return OpenPgpKeys.parse(key);
  }

  /**
   * Verifies a detached signature of the bytes.
   *
   * @param now the time for the validity of keys
   * @return the signer
   * @throws SignatureInvalidException when no signature is valid
   */
  Signer verify(byte[] signed, byte[] signature, Instant now) throws SignatureInvalidException;
}
