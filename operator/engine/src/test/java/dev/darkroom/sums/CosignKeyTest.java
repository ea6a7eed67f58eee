package dev.darkroom.sums;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys and signatures in the formats of {@code cosign generate-key-pair} and sign-blob. */
class CosignKeyTest {

  private static final byte[] SUMS = "aa  disk.img\n".getBytes(UTF_8);

  static List<Arguments> kinds() throws Exception {
    KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
    ec.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    return List.of(
        Arguments.of("SHA256withECDSA", ec.generateKeyPair()),
        Arguments.of("SHA256withRSA", rsa.generateKeyPair()),
        Arguments.of("Ed25519", KeyPairGenerator.getInstance("Ed25519").generateKeyPair()));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aSignatureOfTheBlobIsValid(String algorithm, KeyPair keys) throws Exception {
    byte[] signature = sign(algorithm, keys);

    Signer signer = VerificationKey.parse(pem(keys)).verify(SUMS, signature, Instant.EPOCH);

    assertThat(signer.scheme()).isEqualTo(Signer.Scheme.COSIGN);
    assertThat(signer.keyId()).matches("sha256:[0-9a-f]{64}");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anotherFileAnotherKeyAndGarbageAreRefused(String algorithm, KeyPair keys) throws Exception {
    byte[] signature = sign(algorithm, keys);
    VerificationKey key = VerificationKey.parse(pem(keys));
    VerificationKey other =
        VerificationKey.parse(pem(KeyPairGenerator.getInstance("Ed25519").generateKeyPair()));

    assertRefused(key, "other".getBytes(UTF_8), signature, "does not match the file");
    assertRefused(other, SUMS, signature, "does not match the file");
    assertRefused(key, SUMS, new byte[0], "does not match the file");
    assertRefused(key, SUMS, "AAAA".getBytes(UTF_8), "does not match the file");
    assertRefused(key, SUMS, "<html>".getBytes(UTF_8), "not base64");
  }

  @Test
  void aShortRsaKeyIsRefused() throws Exception {
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(1024);
    KeyPair keys = rsa.generateKeyPair();

    assertThatThrownBy(() -> VerificationKey.parse(pem(keys)))
        .isInstanceOf(SignatureInvalidException.class)
        .hasMessageContaining("shorter than 2048 bits");
  }

  @Test
  void aPemWithoutAKeyIsRefused() {
    for (String pem :
        new String[] {
          "-----BEGIN PUBLIC KEY-----\n",
          "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
          "-----BEGIN PUBLIC KEY-----\nA\n-----END PUBLIC KEY-----\n"
        }) {
      assertThatThrownBy(() -> VerificationKey.parse(pem.getBytes(UTF_8)))
          .isInstanceOf(SignatureInvalidException.class);
    }
  }

  private static byte[] sign(String algorithm, KeyPair keys) throws Exception {
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(keys.getPrivate());
    signer.update(SUMS);
    return (Base64.getEncoder().encodeToString(signer.sign()) + "\n").getBytes(UTF_8);
  }

  private static byte[] pem(KeyPair keys) {
    return ("-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(keys.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n")
        .getBytes(UTF_8);
  }

  private static void assertRefused(
      VerificationKey key, byte[] signed, byte[] signature, String says) {
    assertThatThrownBy(() -> key.verify(signed, signature, Instant.EPOCH))
        .isInstanceOf(SignatureInvalidException.class)
        .hasMessageContaining(says);
  }
}
