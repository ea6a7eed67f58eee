package dev.darkroom.sums;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/**
 * A minisign public key. Format of keys and signatures: minisign's manual, "Signature format" and
 * "Public key format". Accepts both kinds of signatures, {@code Ed} over the file and {@code ED}
 * over its BLAKE2b-512; the trusted comment must be signed too.
 */
final class MinisignKey implements VerificationKey {

  private static final String UNTRUSTED = "untrusted comment:";
  private static final String TRUSTED = "trusted comment: ";
  private static final int ID_BYTES = 8;
  private static final int KEY_BYTES = 2 + ID_BYTES + 32;
  private static final int SIGNATURE_BYTES = 2 + ID_BYTES + 64;

  private final byte[] id;
  private final Ed25519PublicKeyParameters key;

  private MinisignKey(byte[] id, Ed25519PublicKeyParameters key) {
    this.id = id;
    this.key = key;
  }

  /** Parses the key's file, or the line in it with the key. */
  static boolean looksLike(String text) {
    return text.startsWith(UNTRUSTED)
        || (text.startsWith("RW") && text.length() == (KEY_BYTES + 2) / 3 * 4);
  }

  static MinisignKey parse(String text) throws SignatureInvalidException {
    List<String> lines = text.lines().toList();
    byte[] bytes = decoded(lines.get(text.startsWith(UNTRUSTED) && lines.size() > 1 ? 1 : 0));
    if (bytes.length != KEY_BYTES || bytes[0] != 'E' || bytes[1] != 'd') {
      throw new SignatureInvalidException("The public key is not a minisign key.");
    }
    try {
      return new MinisignKey(
          Arrays.copyOfRange(bytes, 2, 2 + ID_BYTES),
          new Ed25519PublicKeyParameters(bytes, 2 + ID_BYTES));
    } catch (RuntimeException e) {
      throw new SignatureInvalidException("The minisign public key is not a point of Ed25519.", e);
    }
  }

  @Override
  public Signer verify(byte[] signed, byte[] signature, Instant now)
      throws SignatureInvalidException {
    List<String> lines = new String(signature, StandardCharsets.ISO_8859_1).lines().toList();
    if (signature.length > MAX_SIGNATURE_BYTES
        || lines.size() < 4
        || !lines.get(0).startsWith(UNTRUSTED)
        || !lines.get(2).startsWith(TRUSTED)) {
      throw new SignatureInvalidException("The signature is not a minisign signature.");
    }
    byte[] bytes = decoded(lines.get(1));
    if (bytes.length != SIGNATURE_BYTES || bytes[0] != 'E' || (bytes[1] | 0x20) != 'd') {
      throw new SignatureInvalidException("The signature is not a minisign signature.");
    }
    byte[] signer = Arrays.copyOfRange(bytes, 2, 2 + ID_BYTES);
    if (!Arrays.equals(signer, id)) {
      throw new SignatureInvalidException(
          "The file was signed by the minisign key %s, which is not the publisher's %s."
              .formatted(hex(signer), hex(id)));
    }
    byte[] proof = Arrays.copyOfRange(bytes, 2 + ID_BYTES, bytes.length);
    if (!holds(proof, bytes[1] == 'D' ? blake2b(signed) : signed)) {
      throw new SignatureInvalidException(
          "The signature by minisign key %s does not match the file.".formatted(hex(id)));
    }
    byte[] comment = lines.get(2).substring(TRUSTED.length()).getBytes(StandardCharsets.ISO_8859_1);
    byte[] global = new byte[proof.length + comment.length];
    System.arraycopy(proof, 0, global, 0, proof.length);
    System.arraycopy(comment, 0, global, proof.length, comment.length);
    if (!holds(decoded(lines.get(3)), global)) {
      throw new SignatureInvalidException(
          "The signature by minisign key %s does not match its trusted comment."
              .formatted(hex(id)));
    }
    return new Signer(Signer.Scheme.MINISIGN, hex(id));
  }

  private boolean holds(byte[] proof, byte[] message) {
    if (proof.length != 64) {
      return false;
    }
    Ed25519Signer verifier = new Ed25519Signer();
    verifier.init(false, key);
    verifier.update(message, 0, message.length);
    return verifier.verifySignature(proof);
  }

  private static byte[] blake2b(byte[] message) {
    Blake2bDigest digest = new Blake2bDigest(512);
    digest.update(message, 0, message.length);
    byte[] hash = new byte[digest.getDigestSize()];
    digest.doFinal(hash, 0);
    return hash;
  }

  private static byte[] decoded(String line) throws SignatureInvalidException {
    try {
      return Base64.getDecoder().decode(line.strip());
    } catch (IllegalArgumentException e) {
      throw new SignatureInvalidException("A minisign line is not base64.", e);
    }
  }

  /** Formats the id as minisign does: a little-endian number. */
  private static String hex(byte[] id) {
    return "%016X".formatted(ByteBuffer.wrap(id).order(ByteOrder.LITTLE_ENDIAN).getLong());
  }
}
