package dev.darkroom.transfer.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.convert.ConvertLimits;
import dev.darkroom.convert.QemuImg;
import dev.darkroom.convert.TargetFormat;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.InspectionLimits;
import dev.darkroom.format.Verdict;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.transfer.BytesSource;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.RefusedException;
import dev.darkroom.transfer.pipeline.CountedBody;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversions in a staging directory. */
class ConverterTest {

  private static final int DISK_BYTES = 5 << 20;

  @TempDir private Path staging;

  @Test
  void stagesConvertsAndReadsADisk() throws Exception {
    Converter converter = converter();
    byte[] disk = disk();

    try (Converter.Work work = converter.begin()) {
      Verdict.Accepted verdict = receive(new BytesSource(disk), work.original());
      assertThat(Files.readAllBytes(work.original())).isEqualTo(disk);
      Source converted =
          work.convert(verdict, TargetFormat.QCOW2, "https://example.org/disk", done -> {});

      assertThat(converted.describe()).isEqualTo("https://example.org/disk");
      Verdict.Accepted stored =
          new StagedFile(
                  Optional.of(DiskFormat.QCOW2), InspectionLimits.defaults(), OptionalLong.empty())
              .receive(converted.open(), staging.resolve("copy"));
      assertThat(stored.virtualSize()).hasValue(DISK_BYTES);
    }
    assertThat(staging.resolve("converting")).isEmptyDirectory();
  }

  @Test
  void doesNotConvertADiskThatHasTheFormat() throws Exception {
    try (Converter.Work work = converter().begin()) {
      Verdict.Accepted verdict = receive(new BytesSource(disk()), work.original());

      Source same = work.convert(verdict, TargetFormat.RAW, "there", done -> {});

      ByteBuffer all = ByteBuffer.allocate(DISK_BYTES + 1);
      try (SourceBody body = same.open()) {
        assertThat(body.head().length()).hasValue(DISK_BYTES);
        while (body.read(all) >= 0) {
          // Reads to the end.
        }
      }
      assertThat(all.position()).isEqualTo(DISK_BYTES);
    }
  }

  @Test
  void removesTheFilesOfAnEarlierProcess() throws Exception {
    Path left = Files.createDirectories(staging.resolve("converting/image-1"));
    Files.writeString(left.resolve("original"), "half");

    Converter unused = converter();

    assertThat(staging.resolve("converting")).isEmptyDirectory();
  }

  @Test
  void reportsWhatAConversionLacks() throws Exception {
    Optional<QemuImg> some = Optional.of(QemuImg.at(Path.of("/nowhere/qemu-img")));

    assertThat(openFails(Optional.of(staging), Optional.empty()))
        .contains("qemu-img is not installed");
    assertThat(openFails(Optional.empty(), some)).contains("no staging directory");
    assertThat(openFails(Optional.of(staging.resolve("absent")), some)).contains("can't be used");
  }

  @Test
  void stagesNoDiskAboveTheLimitToItsEnd() throws Exception {
    byte[] disk = new byte[4 << 20];
    disk[510] = 0x55;
    disk[511] = (byte) 0xAA;
    AtomicLong moved = new AtomicLong();

    RefusedException thrown =
        catchThrowableOfType(
            RefusedException.class,
            () ->
                new StagedFile(
                        Optional.of(DiskFormat.RAW),
                        InspectionLimits.defaults(),
                        OptionalLong.of(1 << 20))
                    .receive(
                        new CountedBody(new BytesSource(disk).open(), moved::addAndGet),
                        staging.resolve("file")));

    assertThat(thrown.failure().reason()).isEqualTo(Reason.VIRTUAL_SIZE_TOO_LARGE);
  }

  @Test
  void mapsWrongBytesToTheirReason() {
    BytesSource html = new BytesSource("<html>".getBytes(UTF_8));
    BytesSource broken =
        new BytesSource(new byte[DISK_BYTES]).failingAt(1 << 20, SourceException.Kind.TRUNCATED);

    assertThat(receiveFails(html)).isEqualTo(Reason.UNKNOWN_FORMAT);
    assertThat(receiveFails(new BytesSource(new byte[0]))).isEqualTo(Reason.SIZE_MISMATCH);
    assertThat(receiveFails(broken)).isEqualTo(Reason.SOURCE_TRUNCATED);
  }

  private Reason receiveFails(BytesSource source) {
    RefusedException thrown =
        catchThrowableOfType(
            RefusedException.class,
            () -> receive(source, Files.createTempDirectory(staging, "x").resolve("file")));
    assertThat(thrown).isNotNull();
    return thrown.failure().reason();
  }

  private static Verdict.Accepted receive(BytesSource source, Path file) throws Exception {
    return new StagedFile(
            Optional.of(DiskFormat.RAW), InspectionLimits.defaults(), OptionalLong.empty())
        .receive(source.open(), file);
  }

  private static String openFails(Optional<Path> staging, Optional<QemuImg> qemuImg) {
    RefusedException thrown =
        catchThrowableOfType(
            RefusedException.class,
            () -> Converter.open(staging, qemuImg, ConvertLimits.defaults()));
    assertThat(thrown.failure().reason()).isEqualTo(Reason.CONVERTER_MISSING);
    return thrown.getMessage();
  }

  private Converter converter() throws Exception {
    Optional<QemuImg> qemuImg = QemuImg.find();
    assumeTrue(qemuImg.isPresent(), "qemu-img is not installed");
    return Converter.open(Optional.of(staging), qemuImg, ConvertLimits.defaults());
  }

  /** A disk of data, a hole, data, and a hole up to the end. */
  private static byte[] disk() {
    byte[] disk = new byte[DISK_BYTES];
    byte[] data = new byte[100_000];
    new Random(1).nextBytes(data);
    System.arraycopy(data, 0, disk, 0, data.length);
    System.arraycopy(data, 0, disk, 2_500_001, data.length);
    return disk;
  }
}
