package dev.darkroom.sums;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A PEM public key (RFC 7468, SubjectPublicKeyInfo) as in cosign's key pairs: ECDSA or RSA (PKCS #1
 * v1.5) with SHA-256, or Ed25519. Signatures are base64, as {@code cosign sign-blob --key} writes
 * them. No transparency log is used.
 */
final class CosignKey implements VerificationKey {

  private static final int SMALLEST_RSA_BITS = 2048;

  private enum Algorithm {
    ECDSA("EC", "SHA256withECDSA"),
    RSA("RSA", "SHA256withRSA"),
    ED25519("Ed25519", "Ed25519");

    private final String keyName;
    private final String signatureName;

    Algorithm(String keyName, String signatureName) {
      this.keyName = keyName;
      this.signatureName = signatureName;
    }

    Optional<PublicKey> read(byte[] der) throws GeneralSecurityException {
      try {
        return Optional.of(
            KeyFactory.getInstance(keyName).generatePublic(new X509EncodedKeySpec(der)));
      } catch (InvalidKeySpecException e) {
        return Optional.empty();
      }
    }
  }

  private final Algorithm algorithm;
  private final PublicKey key;
  private final String id;

  private CosignKey(Algorithm algorithm, PublicKey key, String id) {
    this.algorithm = algorithm;
    this.key = key;
    this.id = id;
  }

  static CosignKey parse(String pem) throws SignatureInvalidException {
    int end = pem.indexOf("-----END PUBLIC KEY-----");
    if (end < 0) {
      throw new SignatureInvalidException("The PEM public key has no end.");
    }
    try {
      byte[] der =
          Base64.getMimeDecoder().decode(pem.substring("-----BEGIN PUBLIC KEY-----".length(), end));
      for (Algorithm algorithm : Algorithm.values()) {
        Optional<PublicKey> key = algorithm.read(der);
        if (key.isPresent()) {
          requireStrong(key.get());
          byte[] digest = MessageDigest.getInstance("SHA-256").digest(der);
          return new CosignKey(algorithm, key.get(), "sha256:" + HexFormat.of().formatHex(digest));
        }
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new SignatureInvalidException("The PEM public key can't be read.", e);
    }
    throw new SignatureInvalidException("The PEM public key is not an ECDSA, RSA or Ed25519 key.");
  }

  private static void requireStrong(PublicKey key) throws SignatureInvalidException {
    if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < SMALLEST_RSA_BITS) {
      throw new SignatureInvalidException(
          "The RSA public key is shorter than %d bits.".formatted(SMALLEST_RSA_BITS));
    }
  }

  @Override
  public Signer verify(byte[] signed, byte[] signature, Instant now)
      throws SignatureInvalidException {
    if (signature.length > MAX_SIGNATURE_BYTES) {
      throw new SignatureInvalidException(
          "The signature is larger than %d bytes.".formatted(MAX_SIGNATURE_BYTES));
    }
    byte[] proof;
    try {
      proof =
          Base64.getDecoder()
              .decode(new String(signature, StandardCharsets.ISO_8859_1).replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw new SignatureInvalidException("The cosign signature is not base64.", e);
    }
    boolean holds;
    try {
      Signature verifier = Signature.getInstance(algorithm.signatureName);
      verifier.initVerify(key);
      verifier.update(signed);
      holds = verifier.verify(proof);
    } catch (GeneralSecurityException | RuntimeException e) {
      holds = false;
    }
    if (!holds) {
      throw new SignatureInvalidException(
          "The signature does not match the file and the publisher's key %s.".formatted(id));
    }
    return new Signer(Signer.Scheme.COSIGN, id);
  }
}
