package dev.darkroom.convert;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.convert.ConvertException.Kind;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.Inspector;
import dev.darkroom.format.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Conversions by the real program. */
class QemuImgTest {

  private static final int MIB = 1 << 20;
  private static final long DISK_BYTES = 64L * MIB;

  @TempDir private Path directory;

  private QemuImg qemuImg;
  private Path raw;

  @BeforeEach
  void makeDisk() throws Exception {
    Optional<QemuImg> found = QemuImg.find();
    assumeTrue(found.isPresent(), "qemu-img is not installed");
    qemuImg = found.get();
    raw = directory.resolve("disk.raw");
    byte[] data = new byte[MIB];
    new Random(1).nextBytes(data);
    try (FileChannel file =
        FileChannel.open(raw, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(data), 0);
      file.write(ByteBuffer.wrap(data), 40L * MIB);
      file.write(ByteBuffer.wrap(new byte[1]), DISK_BYTES - 1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "qcow2,qcow2,",
    "vmdk,vmdk,subformat=streamOptimized",
    "vdi,vdi,",
    "vpc,vhd,force_size=on",
    "vhdx,vhdx,"
  })
  void everyFormatConvertsToTheSameRawDisk(String driver, String format, String options)
      throws Exception {
    Path image = made(driver, Optional.ofNullable(options));
    Path converted = directory.resolve("converted");

    convert(new InspectedImage(image, accepted(image, Optional.empty())), TargetFormat.RAW);

    assertThat(DiskFormat.of(format)).contains(accepted(image, Optional.empty()).format());
    assertThat(Files.mismatch(raw, converted)).isEqualTo(-1);
    assertThat(allocated(converted)).as("holes are holes").isLessThan(4L * MIB);
  }

  @Test
  void rawDiskConvertsToQcow2OfVersion3() throws Exception {
    Path converted = directory.resolve("converted");

    convert(rawImage(), TargetFormat.QCOW2);

    Verdict.Accepted verdict = accepted(converted, Optional.of(DiskFormat.QCOW2));
    assertThat(verdict.virtualSize()).hasValue(DISK_BYTES);
    byte[] head = Arrays.copyOf(Files.readAllBytes(converted), 8);
    assertThat(ByteBuffer.wrap(head).getInt(4)).isEqualTo(3);
    run("qemu-img", "compare", "-f", "raw", "-F", "qcow2", raw.toString(), converted.toString());
  }

  @Test
  void nameThatLooksLikeAProtocolIsAFile() throws Exception {
    Path image = directory.resolve("nbd:unix:x,file=\"y\\");
    Files.copy(raw, image);

    convert(
        new InspectedImage(image, accepted(image, Optional.of(DiskFormat.RAW))),
        TargetFormat.QCOW2);

    assertThat(directory.resolve("converted")).exists();
  }

  @Test
  void rawDiskThatLooksLikeQcow2IsReadAsRaw() throws Exception {
    Path disk = made("qcow2", Optional.empty());
    InspectedImage asRaw =
        new InspectedImage(
            disk, new Verdict.Accepted(DiskFormat.RAW, OptionalLong.empty(), List.of()));

    convert(asRaw, TargetFormat.RAW);

    byte[] converted = Files.readAllBytes(directory.resolve("converted"));
    assertThat(Arrays.copyOf(converted, 4)).isEqualTo("QFI\u00fb".getBytes(ISO_8859_1));
  }

  @Test
  void progressGoesUpToTheEnd() throws Exception {
    List<Double> progress = Collections.synchronizedList(new ArrayList<>());

    qemuImg.convert(
        rawImage(),
        TargetFormat.QCOW2,
        directory.resolve("converted"),
        ConvertLimits.defaults(),
        progress::add);

    assertThat(progress).isSorted().isNotEmpty();
    assertThat(progress.get(progress.size() - 1)).isEqualTo(1.0);
  }

  @Test
  void diskLargerThanTheOutputLimitIsRefusedAtOnce() {
    ConvertLimits small =
        new ConvertLimits(Duration.ofMinutes(1), 2L << 30, DISK_BYTES - 1, Duration.ofMinutes(1));

    assertRefused(Kind.TOO_LARGE, "a disk of 67108864 bytes", rawImage(), small);
  }

  /** The verdict is wrong, so that only the kernel's limit is left. */
  @Test
  void outputThatGrowsPastItsDiskIsStopped() throws Exception {
    Path image = made("qcow2", Optional.empty());
    run("qemu-img", "resize", "-q", image.toString(), "10G");
    InspectedImage lying =
        new InspectedImage(
            image, new Verdict.Accepted(DiskFormat.QCOW2, OptionalLong.of(MIB), List.of()));

    assertRefused(Kind.TOO_LARGE, "larger than its disk", lying, ConvertLimits.defaults());
  }

  @Test
  void tooLittleMemoryFailsTheConversion() {
    ConvertLimits little =
        new ConvertLimits(Duration.ofMinutes(1), 24L * MIB, 1L << 40, Duration.ofMinutes(1));

    assertThatThrownBy(() -> convert(rawImage(), TargetFormat.QCOW2, little))
        .isInstanceOf(ConvertException.class);
    assertThat(directory.resolve("converted")).doesNotExist();
  }

  @Test
  void unreadableImageIsRefusedInASentenceWithoutPaths() throws Exception {
    Path image = directory.resolve("broken");
    Files.write(image, "no qcow2".getBytes(UTF_8));
    InspectedImage broken =
        new InspectedImage(
            image, new Verdict.Accepted(DiskFormat.QCOW2, OptionalLong.of(MIB), List.of()));

    assertRefused(Kind.FAILED, "Image is not in qcow2 format", broken, ConvertLimits.defaults());
    assertThatThrownBy(() -> convert(broken, TargetFormat.RAW))
        .message()
        .doesNotContain(directory.toString());
  }

  @ParameterizedTest
  @EnumSource(
      value = DiskFormat.class,
      names = {"PLOOP", "AMI", "ARI", "AKI", "QED"})
  void otherFormatsAreNotConverted(DiskFormat format) {
    InspectedImage image =
        new InspectedImage(raw, new Verdict.Accepted(format, OptionalLong.empty(), List.of()));

    assertRefused(Kind.UNSUPPORTED, "can't be converted", image, ConvertLimits.defaults());
  }

  @Test
  void encryptedImageHasAReasonOfItsOwn() {
    InspectedImage image =
        new InspectedImage(
            raw,
            new Verdict.Accepted(
                DiskFormat.QCOW2, OptionalLong.of(MIB), List.of("encrypted (luks)")));

    assertRefused(Kind.ENCRYPTED, "encrypted (qcow2)", image, ConvertLimits.defaults());
    assertRefused(
        Kind.ENCRYPTED,
        "encrypted (luks)",
        new InspectedImage(
            raw, new Verdict.Accepted(DiskFormat.LUKS, OptionalLong.empty(), List.of())),
        ConvertLimits.defaults());
  }

  @Test
  void existingFileIsNotOverwritten() throws Exception {
    Path existing = directory.resolve("converted");
    Files.writeString(existing, "precious");

    assertThatThrownBy(() -> convert(rawImage(), TargetFormat.QCOW2))
        .isInstanceOf(ConvertException.class)
        .hasMessageContaining("exists already");
    assertThat(existing).hasContent("precious");
  }

  private void assertRefused(Kind kind, String says, InspectedImage image, ConvertLimits limits) {
    assertThatThrownBy(() -> convert(image, TargetFormat.RAW, limits))
        .hasMessageContaining(says)
        .isInstanceOfSatisfying(ConvertException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    assertThat(directory.resolve("converted")).doesNotExist();
  }

  private InspectedImage rawImage() {
    return new InspectedImage(
        raw, new Verdict.Accepted(DiskFormat.RAW, OptionalLong.of(DISK_BYTES), List.of()));
  }

  private void convert(InspectedImage image, TargetFormat target) throws Exception {
    convert(image, target, ConvertLimits.defaults());
  }

  private void convert(InspectedImage image, TargetFormat target, ConvertLimits limits)
      throws Exception {
    qemuImg.convert(image, target, directory.resolve("converted"), limits, done -> {});
  }

  private Path made(String driver, Optional<String> options) throws Exception {
    Path image = directory.resolve("image." + driver);
    List<String> command = new ArrayList<>(List.of("qemu-img", "convert", "-f", "raw"));
    command.addAll(List.of("-O", driver));
    options.ifPresent(o -> command.addAll(List.of("-o", o)));
    command.addAll(List.of(raw.toString(), image.toString()));
    run(command.toArray(String[]::new));
    return image;
  }

  private static Verdict.Accepted accepted(Path file, Optional<DiskFormat> declared)
      throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Inspector inspector = Inspector.of(declared);
    inspector.update(ByteBuffer.wrap(bytes));
    Verdict verdict = inspector.finish(bytes.length);
    assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
    return (Verdict.Accepted) verdict;
  }

  /** Bytes on the disk, holes left out. */
  private static long allocated(Path file) throws Exception {
    return 512 * Long.parseLong(run("stat", "-c", "%b", file.toString()).strip());
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
