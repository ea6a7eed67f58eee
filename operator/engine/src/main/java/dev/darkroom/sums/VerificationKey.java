package dev.darkroom.sums;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A publisher's public key. What it is says how signatures are checked, never what a signature says
 * of itself: the key is what the image's owner trusts. Immutable.
 */
public sealed interface VerificationKey permits OpenPgpKeys, MinisignKey, CosignKey {

  /** The largest key that is read; a ring of a distribution's keys has some 100 KiB. */
  int MAX_KEY_BYTES = 1 << 20;

  /** The largest detached signature that is read. */
  int MAX_SIGNATURE_BYTES = 64 << 10;

  /**
   * Reads a key: an OpenPGP public key ring, armored or binary; a minisign public key, the file or
   * its second line; a PEM public key as cosign's.
   *
   * @throws SignatureInvalidException when it is none of them
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
   * Checks a detached signature over the bytes.
   *
   * @param now for the validity of keys
   * @return who signed
   * @throws SignatureInvalidException when nobody did whose signature counts
   */
  Signer verify(byte[] signed, byte[] signature, Instant now) throws SignatureInvalidException;
}
