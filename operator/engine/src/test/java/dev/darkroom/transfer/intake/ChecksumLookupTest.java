package dev.darkroom.transfer.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.darkroom.source.Source;
import dev.darkroom.source.SourceException;
import dev.darkroom.sums.Signer;
import dev.darkroom.sums.VerificationKey;
import dev.darkroom.transfer.BytesSource;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.PublishedChecksum;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.RefusedException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Published checksums. */
class ChecksumLookupTest {

  private static final String HEX = "a".repeat(64);
  private static final byte[] SUMS = (HEX + "  disk.img\n").getBytes(UTF_8);

  private final CancellationToken token = new CancellationToken();
  private final ChecksumLookup lookup = new ChecksumLookup(token, Clock.systemUTC());

  @Test
  void readsTheDigestOfTheEntry() throws Exception {
    ChecksumLookup.Found found = lookup.find(published(new BytesSource(SUMS), "disk.img"));

    assertThat(found.checksum()).isEqualTo(new Checksum(Checksum.Algorithm.SHA256, HEX));
    assertThat(found.signer()).isEmpty();
  }

  @Test
  void aValidSignatureGivesTheSigner() throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

    ChecksumLookup.Found found = lookup.find(signed(keys, new BytesSource(sign(keys, SUMS))));

    assertThat(found.signer().orElseThrow().scheme()).isEqualTo(Signer.Scheme.COSIGN);
  }

  @Test
  void refusesAnInvalidSignature() throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] ofOther = sign(keys, "other".getBytes(UTF_8));

    assertFails(signed(keys, new BytesSource(ofOther)), Reason.SIGNATURE_INVALID);
  }

  @Test
  void refusesAFileWithoutTheEntry() {
    assertFails(published(new BytesSource(SUMS), "other.img"), Reason.INVALID_SOURCE);
    assertFails(published(new BytesSource(new byte[0]), "disk.img"), Reason.INVALID_SOURCE);
  }

  @Test
  void refusesASumsFileAboveItsLimit() {
    BytesSource endless = new BytesSource(new byte[2 << 20]);

    Failure failure = assertFails(published(endless, "disk.img"), Reason.INVALID_SOURCE);

    assertThat(failure.message()).isEqualTo("The sums file is larger than 1048576 bytes.");
  }

  @Test
  void namesTheSumsFileInTheFailureOfItsSource() {
    BytesSource gone =
        new BytesSource(SUMS)
            .failingToOpen(new SourceException(SourceException.Kind.NOT_FOUND, "no such thing"));

    Failure failure = assertFails(published(gone, "disk.img"), Reason.SOURCE_NOT_FOUND);

    assertThat(failure.message()).isEqualTo("The sums file: no such thing");
  }

  private Failure assertFails(PublishedChecksum published, Reason reason) {
    RefusedException thrown =
        catchThrowableOfType(RefusedException.class, () -> lookup.find(published));
    assertThat(thrown).isNotNull();
    assertThat(thrown.failure().reason()).isEqualTo(reason);
    return thrown.failure();
  }

  private static PublishedChecksum published(Source sums, String entry) {
    return new PublishedChecksum(sums, entry, Optional.empty(), Optional.empty());
  }

  private static PublishedChecksum signed(KeyPair keys, Source signature) throws Exception {
    String pem =
        "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
            .formatted(Base64.getEncoder().encodeToString(keys.getPublic().getEncoded()));
    return new PublishedChecksum(
        new BytesSource(SUMS),
        "disk.img",
        Optional.of(Checksum.Algorithm.SHA256),
        Optional.of(
            new PublishedChecksum.SignedBy(
                VerificationKey.parse(pem.getBytes(UTF_8)), Optional.of(signature))));
  }

  private static byte[] sign(KeyPair keys, byte[] bytes) throws Exception {
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(keys.getPrivate());
    signer.update(bytes);
    return Base64.getEncoder().encode(signer.sign());
  }
}
