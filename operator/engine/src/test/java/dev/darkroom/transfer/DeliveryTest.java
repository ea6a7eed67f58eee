package dev.darkroom.transfer;

import static dev.darkroom.transfer.Requests.KEY;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.codec.Codec;
import dev.darkroom.codec.Compressed;
import dev.darkroom.convert.QemuImg;
import dev.darkroom.convert.TargetFormat;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceException;
import dev.darkroom.sums.Signer;
import dev.darkroom.sums.VerificationKey;
import dev.darkroom.transfer.copy.CopyRecord;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Decompress;
import dev.darkroom.transfer.model.Delivered;
import dev.darkroom.transfer.model.DeliveryTerms;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.PublishedChecksum;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.model.TransferRequestBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transfers whose stored bytes differ from the delivered ones. */
@Timeout(120)
class DeliveryTest extends DeliveryScenario {

  @ParameterizedTest
  @EnumSource
  void storesCompressedBytesDecompressedInEveryStore(Codec codec) throws Exception {
    byte[] compressed = Compressed.with(codec, DISK);
    Checksum ofCompressed = Requests.digest(Checksum.Algorithm.SHA512, compressed);

    Outcome.Stored stored = stored(from(compressed).checksum(Optional.of(ofCompressed)));

    assertThat(content(one)).isEqualTo(DISK);
    assertThat(content(two)).isEqualTo(DISK);
    assertThat(stored.facts().sha256()).as("of the stored bytes").isEqualTo(OF_DISK);
    Delivered delivered = stored.facts().delivered().orElseThrow();
    assertThat(delivered.size()).isEqualTo(compressed.length);
    assertThat(delivered.compression()).contains(codec);
    assertThat(delivered.digests())
        .containsEntry(Checksum.Algorithm.SHA512, ofCompressed.hex())
        .containsEntry(
            Checksum.Algorithm.SHA256,
            Requests.digest(Checksum.Algorithm.SHA256, compressed).hex());
    assertThat(progress).as("counts delivered bytes").isNotEmpty();
    assertThat(progress).extracting(Progress::bytes).last().isEqualTo((long) compressed.length);
  }

  @Test
  void aLaterAttemptReadsTheRecordOfTheDelivery() throws Exception {
    TransferRequestBuilder request = from(Compressed.with(Codec.GZIP, DISK));
    Facts first = stored(request).facts();

    assertThat(transfers.forget("delivery")).isTrue();
    Facts second = stored(request).facts();

    assertThat(second).isEqualTo(first);
    assertThat(second.delivered()).isPresent();
  }

  @Test
  void comparesTheChecksumWithTheDeliveredBytes() throws Exception {
    Failure failure =
        failure(from(Compressed.with(Codec.ZSTD, DISK)).checksum(Optional.of(OF_DISK)));

    assertThat(failure.reason()).isEqualTo(Reason.CHECKSUM_MISMATCH);
    assertNothingLeft();
  }

  @Test
  void refusesADecompressionBombAndLeavesNothing() throws Exception {
    Failure failure = failure(from(Compressed.with(Codec.BZIP2, new byte[100 << 20])));

    assertThat(failure.reason()).isEqualTo(Reason.DECOMPRESSION_LIMIT);
    assertNothingLeft();
  }

  @Test
  void recordsAValidSignerAndRefusesAnInvalidSignature() throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] compressed = Compressed.with(Codec.XZ, DISK);
    byte[] sums =
        (Requests.digest(Checksum.Algorithm.SHA256, compressed).hex() + "  disk.xz\n")
            .getBytes(UTF_8);
    Source missing =
        new BytesSource(sums)
            .failingToOpen(new SourceException(SourceException.Kind.NOT_FOUND, "It is gone."));

    Failure forged =
        failure(from(compressed).delivery(signed(keys, sums, new BytesSource(sign(keys, DISK)))));
    assertThat(transfers.forget("delivery")).isTrue();
    Failure unsigned = failure(from(compressed).delivery(signed(keys, sums, missing)));
    assertThat(transfers.forget("delivery")).isTrue();
    assertNothingLeft();
    Outcome.Stored stored =
        stored(from(compressed).delivery(signed(keys, sums, new BytesSource(sign(keys, sums)))));

    assertThat(forged.reason()).isEqualTo(Reason.SIGNATURE_INVALID);
    assertThat(unsigned.reason()).isEqualTo(Reason.SOURCE_NOT_FOUND);
    assertThat(stored.facts().signer().orElseThrow().scheme()).isEqualTo(Signer.Scheme.COSIGN);
    assertThat(content(one)).isEqualTo(DISK);
  }

  @Test
  void convertsADiskThereAndBackWithItsHoles() throws Exception {
    requireQemuImg();
    byte[] disk = new byte[64 << 20];
    System.arraycopy(DISK, 0, disk, 16 << 20, DISK.length);
    byte[] compressed = Compressed.with(Codec.GZIP, disk);

    Facts qcow2 = stored(from(compressed).delivery(to(TargetFormat.QCOW2))).facts();

    assertThat(content(one)).startsWith("QFI\u00fb".getBytes(ISO_8859_1)).isEqualTo(content(two));
    assertThat(qcow2.format()).isEqualTo(DiskFormat.QCOW2);
    assertThat(qcow2.virtualSize()).hasValue(disk.length);
    Delivered delivered = qcow2.delivered().orElseThrow();
    assertThat(delivered.format()).contains(DiskFormat.RAW);
    assertThat(delivered.compression()).contains(Codec.GZIP);
    assertThat(delivered.size()).isEqualTo(compressed.length);
    assertThat(stages)
        .containsSubsequence(
            Progress.Stage.STAGING,
            Progress.Stage.CONVERTING,
            Progress.Stage.IMPORTING,
            Progress.Stage.PUBLISHING);
    assertThat(progress)
        .filteredOn(seen -> seen.stage() == Progress.Stage.CONVERTING)
        .as("shows the progress of a conversion")
        .anyMatch(seen -> seen.bytes() > 0 && seen.totalBytes().orElse(0) == disk.length);
    assertThat(staging.resolve("converting")).isEmptyDirectory();

    byte[] asQcow2 = content(one);
    assertThat(one.delete(KEY)).isTrue();
    assertThat(two.delete(KEY)).isTrue();
    assertThat(transfers.forget("delivery")).isTrue();
    Facts raw =
        stored(from(asQcow2).declaredFormat(Optional.empty()).delivery(to(TargetFormat.RAW)))
            .facts();

    assertThat(content(one)).isEqualTo(disk);
    assertThat(raw.delivered().orElseThrow().format()).contains(DiskFormat.QCOW2);
    assertThat(allocated(directory.resolve("one")))
        .as("allocated bytes")
        .isLessThan(disk.length / 4L);
  }

  @Test
  void refusesACompressedUnsafeImageBeforeTheConversion() throws Exception {
    requireQemuImg();
    byte[] unsafe = Compressed.with(Codec.GZIP, Requests.qcow2WithBackingFile(1 << 20));

    Failure failure =
        failure(from(unsafe).declaredFormat(Optional.empty()).delivery(to(TargetFormat.RAW)));

    assertThat(failure.reason()).isEqualTo(Reason.UNSAFE_IMAGE);
    assertThat(stages).doesNotContain(Progress.Stage.CONVERTING);
    assertNothingLeft();
  }

  @Test
  void withoutAConverterNoByteIsRead() throws Exception {
    boolean unused = transfers.close(Duration.ofSeconds(20));
    transfers =
        transfers(
            TransferFixture.small()
                .staging(Optional.of(staging))
                .qemuImg(Optional.of(Path.of("/nowhere/qemu-img")))
                .build());
    BytesSource source = new BytesSource(DISK);

    Failure failure = failure(from(source).delivery(to(TargetFormat.QCOW2)));

    assertThat(failure.reason()).isEqualTo(Reason.CONVERTER_MISSING);
    assertThat(source.openings()).isZero();
  }

  @Test
  void aBrokenTransferOfCompressedBytesStartsAgain() throws Exception {
    byte[] compressed = Compressed.with(Codec.GZIP, DISK);
    VersionedSource source =
        new VersionedSource(compressed, "\"one\"")
            .brokenFrom(compressed.length / 2, SourceException.Kind.INVALID);

    Failure failure = failure(from(source));
    assertThat(transfers.forget("delivery")).isTrue();
    Outcome.Stored stored = stored(from(source.repaired()));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID_SOURCE);
    assertThat(stored.facts().sha256()).isEqualTo(OF_DISK);
    assertThat(content(one)).isEqualTo(DISK);
  }

  @Test
  void defaultTermsAreNotInTheFingerprint() {
    TransferRequest plain = from(DISK).build();

    assertThat(CopyRecord.fingerprint(plain))
        .as("SHA-256 of \"test bytes\", no checksum and \"raw\", each after its length")
        .isEqualTo("57466cc8dbc08daa184f9866b1c34665d8f9df48f00acceca9b59f8984585639")
        .isNotEqualTo(CopyRecord.fingerprint(from(DISK).delivery(to(TargetFormat.RAW)).build()));
  }

  private static DeliveryTerms signed(KeyPair keys, byte[] sums, Source signature)
      throws Exception {
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    return new DeliveryTerms(
        Optional.of(
            new PublishedChecksum(
                new BytesSource(sums),
                "disk.xz",
                Optional.empty(),
                Optional.of(
                    new PublishedChecksum.SignedBy(
                        VerificationKey.parse(pem.getBytes(UTF_8)), Optional.of(signature))))),
        Decompress.AUTO,
        Optional.empty());
  }

  private static byte[] sign(KeyPair keys, byte[] bytes) throws Exception {
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(keys.getPrivate());
    signature.update(bytes);
    return Base64.getEncoder().encode(signature.sign());
  }

  /** The bytes that the kernel has allocated for the files. */
  private static long allocated(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      long blocks = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        blocks += Long.parseLong(new String(stat.getInputStream().readAllBytes(), UTF_8).strip());
      }
      return blocks * 512;
    }
  }

  private static void requireQemuImg() throws InterruptedException {
    assumeTrue(QemuImg.find().isPresent(), "qemu-img is not installed");
  }
}
