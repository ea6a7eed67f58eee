package dev.darkroom.transfer.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.darkroom.codec.Codec;
import dev.darkroom.codec.DecodeLimits;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.transfer.BytesSource;
import dev.darkroom.transfer.intake.DeliveredBody.Digests;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Decompress;
import dev.darkroom.transfer.model.Delivered;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.UndeliverableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Delivered bytes and the bytes to be stored. */
class DeliveredBodyTest {

  private static final byte[] CONTENT = content(3_000_000);
  private static final byte[] GZIP = gzip(CONTENT);
  private static final DecodeLimits LIMITS = DecodeLimits.defaults();

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void decompressesAndRecordsTheDeliveredBytes() throws Exception {
    Checksum checksum = checksum(Checksum.Algorithm.SHA512, GZIP);

    try (DeliveredBody body = begin(new BytesSource(GZIP), Optional.of(checksum))) {
      assertThat(body.compression()).contains(Codec.GZIP);
      assertThat(body.head().length()).isEmpty();
      assertThat(body.head().validator()).isEmpty();
      assertThat(body.delivered()).isEmpty();
      assertThat(readAll(body)).isEqualTo(CONTENT);
      assertThat(body.delivered())
          .contains(
              new Delivered(
                  GZIP.length,
                  Map.of(
                      Checksum.Algorithm.SHA256, checksum(Checksum.Algorithm.SHA256, GZIP).hex(),
                      Checksum.Algorithm.SHA512, checksum.hex()),
                  Optional.of(Codec.GZIP),
                  Optional.empty()));
    }
  }

  @Test
  void acceptsBytesOneByOne() throws Exception {
    byte[] gzip = gzip(content(5000));

    try (DeliveredBody body =
        begin(
            new BytesSource(gzip).readingAtMost(1),
            Optional.of(checksum(Checksum.Algorithm.MD5, gzip)))) {
      assertThat(readAll(body)).isEqualTo(content(5000));
    }
  }

  @Test
  void passesOtherBytesAndDigestsThemOnRequest() throws Exception {
    Checksum wrong = checksum(Checksum.Algorithm.SHA256, GZIP);

    try (DeliveredBody body = begin(new BytesSource(CONTENT), Optional.of(wrong))) {
      assertThat(body.head().length()).hasValue(CONTENT.length);
      assertThat(readAll(body)).as("the reader compares the checksum").isEqualTo(CONTENT);
      assertThat(body.delivered()).isEmpty();
    }
    SourceBody opened = new BytesSource(CONTENT).open();
    try (DeliveredBody body =
        DeliveredBody.begin(
            opened, Decompress.AUTO, Optional.empty(), Digests.ALWAYS, LIMITS, threads)) {
      assertThat(readAll(body)).isEqualTo(CONTENT);
      assertThat(body.delivered().orElseThrow().digests())
          .containsEntry(
              Checksum.Algorithm.SHA256, checksum(Checksum.Algorithm.SHA256, CONTENT).hex());
    }
  }

  @Test
  void passesCompressedBytesOnRequest() throws Exception {
    SourceBody opened = new BytesSource(GZIP).open();
    try (DeliveredBody body =
        DeliveredBody.begin(
            opened, Decompress.NEVER, Optional.empty(), Digests.OF_COMPRESSED, LIMITS, threads)) {
      assertThat(readAll(body)).isEqualTo(GZIP);
    }
  }

  @Test
  void acceptsFewerBytesThanAMagicNumber() throws Exception {
    for (byte[] few : new byte[][] {{}, {0x1F}, {0x1F, (byte) 0x8B}}) {
      try (DeliveredBody body = begin(new BytesSource(few), Optional.empty())) {
        assertThat(readAll(body)).isEqualTo(few);
      }
    }
  }

  @Test
  void reportsAWrongChecksumAtTheEnd() {
    assertFails(
        new BytesSource(GZIP),
        Optional.of(checksum(Checksum.Algorithm.SHA256, CONTENT)),
        Reason.CHECKSUM_MISMATCH);
  }

  @Test
  void reportsAWrongChecksumBeforeDamage() {
    byte[] damaged = GZIP.clone();
    damaged[damaged.length / 4] ^= 1;

    assertFails(
        new BytesSource(damaged),
        Optional.of(checksum(Checksum.Algorithm.SHA256, GZIP)),
        Reason.CHECKSUM_MISMATCH);
    assertFails(
        new BytesSource(damaged),
        Optional.of(checksum(Checksum.Algorithm.SHA256, damaged)),
        Reason.UNKNOWN_FORMAT);
    assertFails(new BytesSource(damaged), Optional.empty(), Reason.UNKNOWN_FORMAT);
  }

  @Test
  void aShortStreamWithoutALengthIsTruncated() {
    byte[] cut = Arrays.copyOf(GZIP, GZIP.length / 2);

    assertFails(
        new BytesSource(cut).announcing(OptionalLong.empty()),
        Optional.empty(),
        Reason.SOURCE_TRUNCATED);
    assertFails(new BytesSource(cut), Optional.empty(), Reason.UNKNOWN_FORMAT);
  }

  @Test
  void doesNotReadADecompressionBombToItsEnd() throws Exception {
    byte[] zeros = gzip(new byte[10_000_000]);
    BytesSource source = new BytesSource(zeros).readingAtMost(100);
    DecodeLimits limits = new DecodeLimits(1 << 20, 1000, 1 << 20, 1 << 20, Duration.ofHours(1));
    Checksum wrong = checksum(Checksum.Algorithm.SHA256, CONTENT);

    try (DeliveredBody body =
        DeliveredBody.begin(
            source.open(),
            Decompress.AUTO,
            Optional.of(wrong),
            Digests.OF_COMPRESSED,
            limits,
            threads)) {
      UndeliverableException thrown =
          catchThrowableOfType(UndeliverableException.class, () -> readAll(body));
      assertThat(thrown.failure().reason()).isEqualTo(Reason.DECOMPRESSION_LIMIT);
    }
  }

  @Test
  void passesOnTheExceptionOfTheSource() {
    assertThatThrownBy(
            () ->
                readAll(
                    begin(
                        new BytesSource(GZIP)
                            .failingAt(GZIP.length / 2, SourceException.Kind.TRUNCATED),
                        Optional.empty())))
        .isInstanceOfSatisfying(
            SourceException.class,
            e -> assertThat(e.kind()).isEqualTo(SourceException.Kind.TRUNCATED));
  }

  @Test
  void readsNothingAfterClose() throws Exception {
    DeliveredBody body = begin(new BytesSource(GZIP), Optional.empty());
    ByteBuffer buffer = ByteBuffer.allocate(10);
    assertThat(body.read(buffer)).isPositive();

    body.close();

    assertThatThrownBy(() -> body.read(buffer.clear())).isInstanceOf(SourceException.class);
  }

  private void assertFails(BytesSource source, Optional<Checksum> wanted, Reason reason) {
    UndeliverableException thrown =
        catchThrowableOfType(
            UndeliverableException.class,
            () -> {
              try (DeliveredBody body = begin(source, wanted)) {
                readAll(body);
              }
            });
    assertThat(thrown).isNotNull();
    assertThat(thrown.failure().reason()).as(thrown.getMessage()).isEqualTo(reason);
  }

  private DeliveredBody begin(BytesSource source, Optional<Checksum> wanted)
      throws SourceException, InterruptedException {
    return DeliveredBody.begin(
        source.open(), Decompress.AUTO, wanted, Digests.OF_COMPRESSED, LIMITS, threads);
  }

  private static byte[] readAll(SourceBody body) throws SourceException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(70_000);
    while (body.read(buffer.clear()) >= 0) {
      all.write(buffer.array(), 0, buffer.position());
    }
    return all.toByteArray();
  }

  private static Checksum checksum(Checksum.Algorithm algorithm, byte[] bytes) {
    MessageDigest digest = algorithm.newDigest();
    return new Checksum(algorithm, HexFormat.of().formatHex(digest.digest(bytes)));
  }

  private static byte[] content(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static byte[] gzip(byte[] content) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return compressed.toByteArray();
  }
}
