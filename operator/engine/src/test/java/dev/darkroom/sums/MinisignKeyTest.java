package dev.darkroom.sums;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and signatures in minisign's formats, made by this test and by the real program. */
class MinisignKeyTest {

  private static final byte[] SUMS = "aa  disk.img\n".getBytes(UTF_8);
  private static final String COMMENT = "timestamp:1700000000\tfile:SUMS caf\u00e9";
  private static final byte[] ID = {1, 2, 3, 4, 5, 6, 7, 8};

  private final Ed25519PrivateKeyParameters secret =
      new Ed25519PrivateKeyParameters(new SecureRandom());

  @ParameterizedTest
  @ValueSource(strings = {"Ed", "ED"})
  void bothKindsOfSignaturesAreValid(String algorithm) throws Exception {
    byte[] signature = signature(algorithm, COMMENT);

    assertThat(verify(publicKeyFile(), SUMS, signature))
        .isEqualTo(new Signer(Signer.Scheme.MINISIGN, "0807060504030201"));
    assertThat(verify(publicKeyLine(), SUMS, signature).keyId()).isEqualTo("0807060504030201");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ed", "ED"})
  void aSignatureOfAnotherFileIsRefused(String algorithm) {
    assertRefused("ab".getBytes(UTF_8), signature(algorithm, COMMENT), "does not match the file");
  }

  @Test
  void oneKindDoesNotPassForTheOther() {
    byte[] asLegacy =
        lines(proof("ED", "Ed"), "trusted comment: " + COMMENT, global(COMMENT, "ED"));

    assertRefused(SUMS, asLegacy, "does not match the file");
  }

  @Test
  void theTrustedCommentIsVerified() {
    String changed =
        new String(signature("ED", COMMENT), UTF_8).replace("1700000000", "1800000000");

    assertRefused(SUMS, changed.getBytes(UTF_8), "does not match its trusted comment");
  }

  @Test
  void aSignatureByAnotherKeyIsRefused() {
    byte[] otherId = {8, 7, 6, 5, 4, 3, 2, 1};
    byte[] key = publicKey(otherId).getBytes(UTF_8);

    assertThatThrownBy(() -> verify(key, SUMS, signature("ED", COMMENT)))
        .isInstanceOf(SignatureInvalidException.class)
        .hasMessage(
            "The file was signed by the minisign key 0807060504030201,"
                + " which is not the publisher's 0102030405060708.");
  }

  @Test
  void garbageIsRefusedAsASignature() {
    assertRefused(SUMS, new byte[0], "not a minisign");
    assertRefused(SUMS, "untrusted comment: x\nAAAA\n".getBytes(UTF_8), "not a minisign");
    assertRefused(
        SUMS,
        "untrusted comment: x\nAAAA\ntrusted comment: y\nAAAA\n".getBytes(UTF_8),
        "not a minisign");
    assertRefused(
        SUMS, "untrusted comment: x\n!\ntrusted comment: y\nAAAA\n".getBytes(UTF_8), "not base64");
    assertThatThrownBy(() -> VerificationKey.parse("untrusted comment: x\nRWQ".getBytes(UTF_8)))
        .isInstanceOf(SignatureInvalidException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-H", "-l"})
  void signaturesOfTheProgramAreValid(String kind, @TempDir Path directory) throws Exception {
    Files.write(directory.resolve("SUMS"), SUMS);
    minisign(directory, "-G", "-W", "-p", "pub", "-s", "sec");
    minisign(directory, "-S", kind, "-s", "sec", "-m", "SUMS", "-t", "who: signed it");

    byte[] key = Files.readAllBytes(directory.resolve("pub"));
    byte[] signature = Files.readAllBytes(directory.resolve("SUMS.minisig"));

    Signer signer = verify(key, SUMS, signature);
    // The program omits leading zeros.
    assertThat(new String(key, UTF_8)).contains(signer.keyId().replaceFirst("^0+", ""));
    assertThatThrownBy(() -> verify(key, "other".getBytes(UTF_8), signature))
        .hasMessageContaining("does not match the file");
  }

  private static void minisign(Path directory, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("minisign"));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "minisign is not installed");
      throw e;
    }
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
  }

  private byte[] publicKeyFile() {
    return ("untrusted comment: minisign public key\n" + publicKey(ID) + "\n").getBytes(UTF_8);
  }

  private byte[] publicKeyLine() {
    return publicKey(ID).getBytes(UTF_8);
  }

  private String publicKey(byte[] id) {
    return base64("Ed".getBytes(UTF_8), id, secret.generatePublicKey().getEncoded());
  }

  private byte[] signature(String algorithm, String comment) {
    return lines(
        proof(algorithm, algorithm), "trusted comment: " + comment, global(comment, algorithm));
  }

  private byte[] lines(String proof, String trusted, String global) {
    return "untrusted comment: signature\n%s\n%s\n%s\n"
        .formatted(proof, trusted, global)
        .getBytes(UTF_8);
  }

  private String proof(String algorithm, String claimed) {
    return base64(claimed.getBytes(UTF_8), ID, signed(algorithm));
  }

  private String global(String comment, String algorithm) {
    return base64(sign(joined(signed(algorithm), comment.getBytes(UTF_8))));
  }

  private byte[] signed(String algorithm) {
    if (algorithm.equals("Ed")) {
      return sign(SUMS);
    }
    Blake2bDigest digest = new Blake2bDigest(512);
    digest.update(SUMS, 0, SUMS.length);
    byte[] hash = new byte[64];
    digest.doFinal(hash, 0);
    return sign(hash);
  }

  private byte[] sign(byte[] message) {
    Ed25519Signer signer = new Ed25519Signer();
    signer.init(true, secret);
    signer.update(message, 0, message.length);
    return signer.generateSignature();
  }

  private static String base64(byte[]... parts) {
    return Base64.getEncoder().encodeToString(joined(parts));
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static Signer verify(byte[] key, byte[] signed, byte[] signature) throws Exception {
    return VerificationKey.parse(key).verify(signed, signature, Instant.EPOCH);
  }

  private void assertRefused(byte[] signed, byte[] signature, String says) {
    assertThatThrownBy(() -> verify(publicKeyFile(), signed, signature))
        .isInstanceOf(SignatureInvalidException.class)
        .hasMessageContaining(says);
  }
}
