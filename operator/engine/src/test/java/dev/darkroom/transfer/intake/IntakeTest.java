package dev.darkroom.transfer.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.codec.Codec;
import dev.darkroom.codec.DecodeLimits;
import dev.darkroom.convert.ConvertLimits;
import dev.darkroom.convert.QemuImg;
import dev.darkroom.convert.TargetFormat;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.InspectionLimits;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceHead;
import dev.darkroom.transfer.BytesSource;
import dev.darkroom.transfer.Requests;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Decompress;
import dev.darkroom.transfer.model.Delivered;
import dev.darkroom.transfer.model.DeliveryTerms;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.PublishedChecksum;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Delivered bytes become stored bytes. */
class IntakeTest {

  private static final byte[] DISK = Requests.bytes(2 << 20);
  private static final byte[] GZIP = gzip(DISK);
  private static final Checksum OF_DISK = Requests.digest(Checksum.Algorithm.SHA256, DISK);
  private static final Checksum OF_GZIP = Requests.digest(Checksum.Algorithm.SHA256, GZIP);

  @TempDir private Path staging;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CancellationToken token = new CancellationToken();
  private final List<String> heard = new ArrayList<>();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void theReaderComparesBytesThatAreNotCompressed() throws Exception {
    BytesSource source = new BytesSource(DISK);
    try (Intake intake = intake(source, Optional.of(OF_DISK), DeliveryTerms.defaults())) {
      assertThat(begin(intake)).isSameAs(source);
      assertThat(readAll(intake.receive(source.open()))).isEqualTo(DISK);

      assertThat(intake.checksum()).contains(OF_DISK);
      assertThat(intake.declaredFormat()).contains(DiskFormat.RAW);
      assertThat(intake.delivered()).isEmpty();
    }
  }

  @Test
  void theChecksumOfCompressedBytesIsOfTheDelivery() throws Exception {
    BytesSource source = new BytesSource(GZIP);
    try (Intake intake = intake(source, Optional.of(OF_GZIP), DeliveryTerms.defaults())) {
      assertThat(readAll(intake.receive(begin(intake).open()))).isEqualTo(DISK);

      assertThat(intake.checksum()).as("of the stored bytes").isEmpty();
      Delivered delivered = intake.delivered().orElseThrow();
      assertThat(delivered.compression()).contains(Codec.GZIP);
      assertThat(delivered.size()).isEqualTo(GZIP.length);
      assertThat(delivered.digests()).containsEntry(Checksum.Algorithm.SHA256, OF_GZIP.hex());
    }
  }

  @Test
  void comparesAPublishedChecksum() throws Exception {
    BytesSource source = new BytesSource(DISK);
    try (Intake intake = intake(source, Optional.empty(), published(OF_DISK))) {
      begin(intake);

      assertThat(intake.checksum()).contains(OF_DISK);
      assertThat(source.openings()).isZero();
    }
  }

  @Test
  void refusesAContradictedChecksumBeforeTheFirstByte() throws Exception {
    BytesSource source = new BytesSource(DISK);

    assertThat(refusal(intake(source, Optional.of(OF_GZIP), published(OF_DISK))))
        .isEqualTo(Reason.CHECKSUM_MISMATCH);
    assertThat(source.openings()).isZero();
  }

  @Test
  void decompressesInspectsAndConverts() throws Exception {
    requireQemuImg();
    BytesSource source = new BytesSource(GZIP).named("https://example.org/disk.gz");
    try (Intake intake = intake(source, Optional.of(OF_GZIP), to(TargetFormat.QCOW2))) {
      Source converted = begin(intake);

      byte[] stored = readAll(intake.receive(converted.open()));
      assertThat(stored).startsWith("QFI\u00fb".getBytes(ISO_8859_1));
      assertThat(converted.describe()).isEqualTo("https://example.org/disk.gz");
      assertThat(intake.checksum()).isEmpty();
      assertThat(intake.declaredFormat()).contains(DiskFormat.QCOW2);
      assertThat(intake.delivered().orElseThrow().compression()).contains(Codec.GZIP);
      assertThat(heard)
          .startsWith("staging", "converting " + DISK.length)
          .endsWith("converted " + DISK.length);
    }
    assertThat(staging.resolve("converting")).isEmptyDirectory();
  }

  @Test
  void comparesTheChecksumBeforeAConversion() throws Exception {
    requireQemuImg();

    assertThat(refusal(intake(new BytesSource(DISK), Optional.of(OF_GZIP), to(TargetFormat.QCOW2))))
        .isEqualTo(Reason.CHECKSUM_MISMATCH);
    assertThat(heard).containsExactly("staging");
    assertThat(staging.resolve("converting")).isEmptyDirectory();
  }

  @Test
  void doesNotConvertAnUnsafeImage() throws Exception {
    requireQemuImg();
    Intake intake =
        new Intake(
            new BytesSource(Requests.qcow2WithBackingFile(1 << 20)),
            Optional.empty(),
            Optional.empty(),
            to(TargetFormat.RAW),
            tools(Optional.of(staging)),
            threads,
            token);

    assertThat(refusal(intake)).isEqualTo(Reason.UNSAFE_IMAGE);
    assertThat(heard).containsExactly("staging");
  }

  @Test
  void refusesAnImpossibleConversionBeforeTheFirstByte() throws Exception {
    BytesSource source = new BytesSource(DISK);
    Intake intake =
        new Intake(
            source,
            Optional.empty(),
            Optional.empty(),
            to(TargetFormat.RAW),
            tools(Optional.empty()),
            threads,
            token);

    assertThat(refusal(intake)).isEqualTo(Reason.CONVERTER_MISSING);
    assertThat(source.openings()).isZero();
  }

  @Test
  void aCancellationEndsTheStaging() throws Exception {
    requireQemuImg();
    BytesSource source = new BytesSource(DISK).blockingAt(1 << 20);
    Intake intake = intake(source, Optional.empty(), to(TargetFormat.QCOW2));
    CompletableFuture<Throwable> ended =
        CompletableFuture.supplyAsync(
            () -> catchThrowableOfType(InterruptedException.class, () -> begin(intake)), threads);
    source.blocked().await();

    boolean unused = token.cancel(new Outcome.Cancelled());

    assertThat(ended.get()).isNotNull();
    intake.close();
    assertThat(staging.resolve("converting")).isEmptyDirectory();
    assertThat(source.openBodies()).isZero();
  }

  private Reason refusal(Intake intake) {
    try (intake) {
      RefusedException thrown = catchThrowableOfType(RefusedException.class, () -> begin(intake));
      assertThat(thrown).isNotNull();
      return thrown.failure().reason();
    }
  }

  private Source begin(Intake intake) throws RefusedException, InterruptedException {
    return intake.begin(
        source -> {
          try {
            return source.open();
          } catch (SourceException e) {
            throw new RefusedException(Failures.ofSource(e));
          }
        },
        OptionalLong.empty(),
        new Intake.Listener() {
          @Override
          public void staging(SourceHead head) {
            heard.add("staging");
          }

          @Override
          public void converting(long diskBytes) {
            heard.add("converting " + diskBytes);
          }

          @Override
          public void converted(long bytes) {
            heard.add("converted " + bytes);
          }
        });
  }

  private Intake intake(Source source, Optional<Checksum> checksum, DeliveryTerms terms) {
    return new Intake(
        source,
        checksum,
        Optional.of(DiskFormat.RAW),
        terms,
        tools(Optional.of(staging)),
        threads,
        token);
  }

  private static IntakeTools tools(Optional<Path> staging) {
    return new IntakeTools(
        staging,
        Optional.empty(),
        InspectionLimits.defaults(),
        DecodeLimits.defaults(),
        ConvertLimits.defaults(),
        Clock.systemUTC());
  }

  private static DeliveryTerms to(TargetFormat format) {
    return new DeliveryTerms(Optional.empty(), Decompress.AUTO, Optional.of(format));
  }

  private static DeliveryTerms published(Checksum checksum) {
    Source sums = new BytesSource((checksum.hex() + "  disk.img\n").getBytes(UTF_8));
    return new DeliveryTerms(
        Optional.of(new PublishedChecksum(sums, "disk.img", Optional.empty(), Optional.empty())),
        Decompress.AUTO,
        Optional.empty());
  }

  private static void requireQemuImg() throws InterruptedException {
    assumeTrue(QemuImg.find().isPresent(), "qemu-img is not installed");
  }

  private static byte[] readAll(SourceBody body) throws SourceException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(70_000);
    while (body.read(buffer.clear()) >= 0) {
      all.write(buffer.array(), 0, buffer.position());
    }
    body.close();
    return all.toByteArray();
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
