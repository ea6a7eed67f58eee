package dev.darkroom.sums;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPPublicKeyRingCollection;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureException;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.api.OpenPGPCertificate;
import org.bouncycastle.openpgp.api.OpenPGPCertificate.OpenPGPComponentKey;
import org.bouncycastle.openpgp.api.OpenPGPDefaultPolicy;
import org.bouncycastle.openpgp.api.OpenPGPImplementation;
import org.bouncycastle.openpgp.api.OpenPGPPolicy;
import org.bouncycastle.openpgp.api.OpenPGPSignature.OpenPGPDocumentSignature;
import org.bouncycastle.openpgp.api.bc.BcOpenPGPImplementation;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;

/**
 * OpenPGP certificates (RFC 9580, 4880). One valid signature by one of them suffices. A valid
 * signature is
 *
 * <ul>
 *   <li>over a document, with SHA-224 or better;
 *   <li>by a key that may sign and has valid binding signatures to its certificate;
 *   <li>not by a revoked key, with any time and reason: a thief of the key can set any date;
 *   <li>by a key that is valid now or, if it has expired, was valid when it signed;
 *   <li>neither expired itself nor dated in the future.
 * </ul>
 */
final class OpenPgpKeys implements VerificationKey {

  private static final String ARMOR = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
  private static final int MOST_SIGNATURES = 32;
  private static final Duration CLOCKS_DIFFER = Duration.ofHours(24);

  private static final OpenPGPImplementation LIBRARY = new BcOpenPGPImplementation();

  private static final Map<Integer, String> STRONG_HASHES =
      Map.of(
          HashAlgorithmTags.SHA224, "SHA-224",
          HashAlgorithmTags.SHA256, "SHA-256",
          HashAlgorithmTags.SHA384, "SHA-384",
          HashAlgorithmTags.SHA512, "SHA-512",
          HashAlgorithmTags.SHA3_256, "SHA3-256",
          HashAlgorithmTags.SHA3_512, "SHA3-512");

  private final OpenPGPPolicy policy = new OpenPGPDefaultPolicy();
  private final List<OpenPGPCertificate> certificates;

  private OpenPgpKeys(List<PGPPublicKeyRing> rings) {
    certificates =
        rings.stream().map(ring -> new OpenPGPCertificate(ring, LIBRARY, policy)).toList();
  }

  static OpenPgpKeys parse(byte[] bytes) throws SignatureInvalidException {
    List<PGPPublicKeyRing> rings = new ArrayList<>();
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    try {
      int block = text.indexOf(ARMOR);
      if (block < 0) {
        addRings(bytes, rings);
      }
      while (block >= 0) {
        int next = text.indexOf(ARMOR, block + 1);
        String armored = text.substring(block, next < 0 ? text.length() : next);
        addRings(armored.getBytes(StandardCharsets.ISO_8859_1), rings);
        block = next;
      }
    } catch (IOException | PGPException | RuntimeException e) {
      throw new SignatureInvalidException(
          "The public key is neither an OpenPGP, minisign nor PEM key.", e);
    }
    if (rings.isEmpty()) {
      throw new SignatureInvalidException("The public key holds no OpenPGP key.");
    }
    return new OpenPgpKeys(rings);
  }

  private static void addRings(byte[] bytes, List<PGPPublicKeyRing> rings)
      throws IOException, PGPException {
    new PGPPublicKeyRingCollection(
            PGPUtil.getDecoderStream(new ByteArrayInputStream(bytes)),
            LIBRARY.keyFingerPrintCalculator())
        .forEach(rings::add);
  }

  @Override
  public Signer verify(byte[] signed, byte[] signature, Instant now)
      throws SignatureInvalidException {
    return verify(
        signed,
        signature,
        List.of(PGPSignature.BINARY_DOCUMENT, PGPSignature.CANONICAL_TEXT_DOCUMENT),
        now);
  }

  /** Checks the signature of a clear-signed text. */
  Signer verifyText(byte[] text, byte[] signature, Instant now) throws SignatureInvalidException {
    return verify(text, signature, List.of(PGPSignature.CANONICAL_TEXT_DOCUMENT), now);
  }

  private Signer verify(byte[] signed, byte[] encoded, List<Integer> types, Instant now)
      throws SignatureInvalidException {
    List<SignatureInvalidException> refusals = new ArrayList<>();
    for (PGPSignature signature : signatures(encoded)) {
      try {
        if (!types.contains(signature.getSignatureType())) {
          throw new SignatureInvalidException(
              "The OpenPGP signature is not a signature of a file.");
        }
        OpenPGPComponentKey key = issuer(signature);
        require(signed, signature, key, now);
        return new Signer(Signer.Scheme.OPENPGP, id(key));
      } catch (SignatureInvalidException e) {
        refusals.add(e);
      }
    }
    throw refusals.get(0);
  }

  private static List<PGPSignature> signatures(byte[] encoded) throws SignatureInvalidException {
    if (encoded.length > MAX_SIGNATURE_BYTES) {
      throw new SignatureInvalidException(
          "The OpenPGP signature is larger than %d bytes.".formatted(MAX_SIGNATURE_BYTES));
    }
    List<PGPSignature> signatures = new ArrayList<>();
    try {
      BcPGPObjectFactory packets =
          new BcPGPObjectFactory(PGPUtil.getDecoderStream(new ByteArrayInputStream(encoded)));
      for (Object packet = packets.nextObject();
          packet != null && signatures.size() <= MOST_SIGNATURES;
          packet = packets.nextObject()) {
        if (packet instanceof PGPSignatureList list) {
          list.forEach(signatures::add);
        }
      }
    } catch (IOException | RuntimeException e) {
      throw new SignatureInvalidException("The signature is not an OpenPGP signature.", e);
    }
    if (signatures.isEmpty() || signatures.size() > MOST_SIGNATURES) {
      throw new SignatureInvalidException(
          "The signature file holds %s OpenPGP signatures."
              .formatted(signatures.isEmpty() ? "no" : "too many"));
    }
    return signatures;
  }

  private OpenPGPComponentKey issuer(PGPSignature signature) throws SignatureInvalidException {
    for (OpenPGPCertificate certificate : certificates) {
      for (OpenPGPComponentKey key : certificate.getKeys()) {
        if (key.getKeyIdentifier().isPresentIn(signature.getKeyIdentifiers())) {
          return key;
        }
      }
    }
    throw new SignatureInvalidException(
        "The file was signed by the OpenPGP key %016X, which is not the publisher's."
            .formatted(signature.getKeyID()));
  }

  private void require(byte[] signed, PGPSignature signature, OpenPGPComponentKey key, Instant now)
      throws SignatureInvalidException {
    if (!STRONG_HASHES.containsKey(signature.getHashAlgorithm())) {
      throw refused(key, "uses a weak hash, such as MD5 or SHA-1");
    }
    Date created = signature.getCreationTime();
    if (created.toInstant().isAfter(now.plus(CLOCKS_DIFFER))) {
      throw refused(key, "is dated in the future");
    }
    OpenPGPDocumentSignature document = new OpenPGPDocumentSignature(signature, key);
    try {
      signature.init(LIBRARY.pgpContentVerifierBuilderProvider(), key.getPGPPublicKey());
      signature.update(signed);
      if (!document.verify()) {
        throw refused(key, "does not match the file");
      }
    } catch (PGPException | RuntimeException e) {
      throw refused(key, "could not be checked", e);
    }
    if (key.getPGPPublicKey().hasRevocation()
        || key.getCertificate().getPrimaryKey().getPGPPublicKey().hasRevocation()) {
      throw refused(key, "is invalid: the key was revoked");
    }
    if (!document.isEffectiveAt(Date.from(now))) {
      throw refused(key, "has expired");
    }
    if (!holdsAt(document, Date.from(now)) && !holdsAt(document, created)) {
      throw refused(
          key, "is invalid: the key had expired, may not sign files, or has no valid binding");
    }
  }

  private boolean holdsAt(OpenPGPDocumentSignature signature, Date when) {
    try {
      return signature.isValidAt(when, policy);
    } catch (PGPSignatureException | RuntimeException e) {
      return false;
    }
  }

  private static SignatureInvalidException refused(OpenPGPComponentKey key, String why) {
    return new SignatureInvalidException(
        "The signature by OpenPGP key " + id(key) + " " + why + ".");
  }

  private static SignatureInvalidException refused(
      OpenPGPComponentKey key, String why, Throwable cause) {
    return new SignatureInvalidException(
        "The signature by OpenPGP key " + id(key) + " " + why + ".", cause);
  }

  private static String id(OpenPGPComponentKey key) {
    return HexFormat.of().withUpperCase().formatHex(key.getPGPPublicKey().getFingerprint());
  }
}
