package dev.darkroom.sums;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures by the real gpg. */
class OpenPgpKeysTest {

  private static final String HEX = "a".repeat(64);
  private static final byte[] SUMS = (HEX + "  disk.img\n- dash\ntrailing  \n").getBytes(UTF_8);
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String SIGNED_AT = "20250601T000000";

  private static GnuPg gpg;
  private static String publisher;
  private static byte[] publicKey;

  @BeforeAll
  static void makeKeys() throws Exception {
    gpg = GnuPg.open();
    publisher = gpg.key("20240101T000000", "publisher", "ed25519", "never");
    publicKey = gpg.export("publisher", "--armor");
  }

  @AfterAll
  static void close() throws Exception {
    if (gpg != null) {
      gpg.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa2048", "ed25519", "nistp256"})
  void detachedSignaturesAreValidArmoredAndBinary(String algorithm) throws Exception {
    String fingerprint = gpg.key("20240101T000000", algorithm, algorithm, "never");
    Signer expected = new Signer(Signer.Scheme.OPENPGP, fingerprint);
    byte[] binary = sign("-u", algorithm, "--detach-sign");
    byte[] armored = sign("-u", algorithm, "--armor", "--detach-sign");
    byte[] text = sign("-u", algorithm, "--textmode", "--detach-sign");

    assertThat(verify(gpg.export(algorithm), SUMS, binary)).isEqualTo(expected);
    assertThat(verify(gpg.export(algorithm, "--armor"), SUMS, armored)).isEqualTo(expected);
    assertThat(verify(gpg.export(algorithm), SUMS, text)).isEqualTo(expected);
  }

  @Test
  void aSigningSubkeySignsForItsCertificate() throws Exception {
    String primary = gpg.key("20240101T000000", "withsub", "ed25519", "never");
    gpg.run("20240101T000000", "--passphrase", "", "--quick-add-key", primary, "ed25519", "sign");

    Signer signer = verify(gpg.export("withsub"), SUMS, sign("-u", "withsub", "--detach-sign"));

    assertThat(signer.keyId()).hasSize(40).isNotEqualTo(primary);
  }

  @Test
  void oneOfSeveralKeysIsEnough() throws Exception {
    gpg.key("20240101T000000", "another", "ed25519", "never");
    ByteArrayOutputStream ring = new ByteArrayOutputStream();
    ring.writeBytes(gpg.export("another", "--armor"));
    ring.writeBytes(publicKey);

    assertThat(verify(ring.toByteArray(), SUMS, publishersSignature()).keyId())
        .isEqualTo(publisher);
    byte[] both = sign("-u", "another", "-u", "publisher", "--detach-sign");
    assertThat(verify(publicKey, SUMS, both).keyId()).isEqualTo(publisher);
  }

  @Test
  void aSignatureOfAnotherFileIsRefused() throws Exception {
    byte[] other = SUMS.clone();
    other[0] ^= 1;

    assertRefused(publicKey, other, publishersSignature(), "does not match the file");
  }

  @Test
  void aSignatureByAnotherKeyIsRefused() throws Exception {
    gpg.key("20240101T000000", "stranger", "ed25519", "never");
    byte[] signature = sign("-u", "stranger", "--detach-sign");

    assertRefused(publicKey, SUMS, signature, "which is not the publisher's");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA1", "RIPEMD160"})
  void aWeakHashIsRefused(String hash) throws Exception {
    byte[] signature = sign("-u", "publisher", "--digest-algo", hash, "--detach-sign");

    assertRefused(publicKey, SUMS, signature, "weak hash");
  }

  @Test
  void aSignatureFromBeforeTheKeysExpiryIsValid() throws Exception {
    gpg.key("20240101T000000", "expired", "ed25519", "1y");

    byte[] before = gpg.sign("20240601T000000", SUMS, "-u", "expired", "--detach-sign");

    assertThat(verify(gpg.export("expired"), SUMS, before).scheme())
        .isEqualTo(Signer.Scheme.OPENPGP);
  }

  @Test
  void aSignatureFromAfterTheKeysExpiryIsRefused() throws Exception {
    String fingerprint = gpg.key("20240101T000000", "lapsed", "ed25519", "1y");
    byte[] asPublished = gpg.export("lapsed");
    gpg.run("20250101T000000", "--quick-set-expire", fingerprint, "5y");

    byte[] after = gpg.sign(SIGNED_AT, SUMS, "-u", "lapsed", "--detach-sign");

    assertRefused(asPublished, SUMS, after, "the key had expired");
    assertThat(verify(gpg.export("lapsed"), SUMS, after).keyId()).isEqualTo(fingerprint);
  }

  @Test
  void aRevokedKeyIsRefusedForAnyTime() throws Exception {
    String fingerprint = gpg.key("20240101T000000", "revoked", "ed25519", "never");
    byte[] before = gpg.sign("20240601T000000", SUMS, "-u", "revoked", "--detach-sign");
    gpg.revoke(fingerprint);

    assertRefused(gpg.export("revoked"), SUMS, before, "the key was revoked");
  }

  @Test
  void anExpiredSignatureIsRefused() throws Exception {
    byte[] signature = sign("-u", "publisher", "--default-sig-expire", "30", "--detach-sign");

    assertRefused(publicKey, SUMS, signature, "has expired");
  }

  @Test
  void aSignatureFromTheFutureIsRefused() throws Exception {
    byte[] signature = gpg.sign("20270101T000000", SUMS, "-u", "publisher", "--detach-sign");

    assertRefused(publicKey, SUMS, signature, "dated in the future");
  }

  @Test
  void aKeyThatMayOnlyCertifyDoesNotSign() throws Exception {
    gpg.run("20240101T000000", "--passphrase", "", "--quick-gen-key", "usage", "ed25519", "sign");
    byte[] signature = sign("-u", "usage", "--detach-sign");
    byte[] key = gpg.export("usage");

    assertThat(verify(key, SUMS, signature)).isNotNull();
    // Removes all binding signatures: a bare key is left.
    byte[] bare = Arrays.copyOf(key, 2 + (key[1] & 0xFF));
    assertRefused(bare, SUMS, signature, "no valid binding");
  }

  @Test
  void garbageIsRefusedAsSignatureAndKey() {
    assertRefused(publicKey, SUMS, new byte[0], "no OpenPGP signature");
    assertRefused(publicKey, SUMS, "<html>".getBytes(UTF_8), "signature");
    assertRefused(publicKey, SUMS, publicKey, "no OpenPGP signature");
    assertRefused("<html>".getBytes(UTF_8), SUMS, new byte[0], "public key");
    assertRefused(new byte[0], SUMS, new byte[0], "public key");
  }

  @Test
  void everyTruncatedSignatureIsRefusedWithASentence() throws Exception {
    byte[] signature = publishersSignature();

    for (int length = 0; length < signature.length; length++) {
      byte[] cut = Arrays.copyOf(signature, length);
      assertThatThrownBy(() -> verify(publicKey, SUMS, cut))
          .as("%d", length)
          .isInstanceOf(SignatureInvalidException.class);
    }
  }

  @Test
  void aClearSignedSumsFileIsItsOwnSignature() throws Exception {
    byte[] message = sign("-u", "publisher", "--clear-sign");

    PublishedSums read = readClearSigned(message);

    assertThat(read.sum().hex()).isEqualTo(HEX);
    assertThat(read.signer()).contains(new Signer(Signer.Scheme.OPENPGP, publisher));
    String crlf = new String(message, UTF_8).replace("\n", "\r\n");
    assertThat(readClearSigned(crlf.getBytes(UTF_8)).sum().hex()).isEqualTo(HEX);
  }

  @Test
  void textAroundAClearSignedMessageIsRefused() throws Exception {
    String message = new String(sign("-u", "publisher", "--clear-sign"), UTF_8);
    String evil = "b".repeat(64) + "  disk.img\n";

    for (String forged :
        new String[] {
          evil + message,
          message + evil,
          message.replace("Hash:", evil + "Hash:"),
          message.replace(HEX, "b".repeat(64)),
          message.replace("-----BEGIN PGP SIGNATURE", "- extra\n-----BEGIN PGP SIGNATURE"),
          new String(SUMS, UTF_8),
          message.substring(0, message.length() - 10)
        }) {
      assertThatThrownBy(() -> readClearSigned(forged.getBytes(UTF_8)))
          .as(forged)
          .isInstanceOf(SignatureInvalidException.class);
    }
  }

  @Test
  void aSignatureIsCheckedBeforeTheFileIsRead() {
    assertThatThrownBy(
            () ->
                PublishedSums.read(
                    "no sums file".getBytes(UTF_8),
                    "disk.img",
                    Optional.empty(),
                    Optional.of(
                        new PublishedSums.SignedBy(
                            VerificationKey.parse(publicKey), Optional.of(publishersSignature()))),
                    NOW))
        .isInstanceOf(SignatureInvalidException.class);
  }

  private static PublishedSums readClearSigned(byte[] message) throws Exception {
    return PublishedSums.read(
        message,
        "disk.img",
        Optional.empty(),
        Optional.of(new PublishedSums.SignedBy(VerificationKey.parse(publicKey), Optional.empty())),
        NOW);
  }

  private static byte[] publishersSignature() throws Exception {
    return sign("-u", "publisher", "--detach-sign");
  }

  private static byte[] sign(String... options) throws Exception {
    return gpg.sign(SIGNED_AT, SUMS, options);
  }

  private static Signer verify(byte[] key, byte[] signed, byte[] signature) throws Exception {
    return VerificationKey.parse(key).verify(signed, signature, NOW);
  }

  private static void assertRefused(byte[] key, byte[] signed, byte[] signature, String says) {
    assertThatThrownBy(() -> verify(key, signed, signature))
        .isInstanceOf(SignatureInvalidException.class)
        .hasMessageContaining(says);
  }
}
