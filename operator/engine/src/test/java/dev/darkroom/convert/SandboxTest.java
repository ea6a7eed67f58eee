package dev.darkroom.convert;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Images that name another file, converted without inspection: the content of the other file must
 * not reach the output. Each test shows first that qemu-img alone would read that file.
 */
class SandboxTest {

  private static final String SECRET = "the content of another image";
  private static final int DISK_BYTES = 1 << 20;

  /** Ways in which an image can name another file. */
  private enum Planted {
    VMDK_EXTENT(DiskFormat.VMDK),
    VMDK_PARENT(DiskFormat.VMDK),
    QCOW2_BACKING_FILE(DiskFormat.QCOW2),
    QCOW2_DATA_FILE(DiskFormat.QCOW2);

    private final DiskFormat format;

    Planted(DiskFormat format) {
      this.format = format;
    }

    String driver() {
      return format.apiName();
    }
  }

  @TempDir private Path directory;

  private Path program;
  private Path secret;
  private Path output;

  @BeforeEach
  void writeSecret() throws Exception {
    Optional<Path> found =
        List.of(System.getenv("PATH").split(":", -1)).stream()
            .map(place -> Path.of(place, "qemu-img"))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(found.isPresent(), "qemu-img is not installed");
    program = found.get();
    secret = directory.resolve("secret.raw");
    Files.write(secret, Arrays.copyOf(SECRET.getBytes(ISO_8859_1), DISK_BYTES));
    output = directory.resolve("output");
  }

  /** What qemu-img is told holds on every system. */
  @ParameterizedTest
  @EnumSource(Planted.class)
  void optionsKeepOtherFilesFromTheOutput(Planted planted) throws Exception {
    Path image = plant(planted);
    assertThatQemuAloneReadsTheSecret(image, planted);

    convertUninspected(QemuImg.at(program, Sandbox.none()), image, planted);

    assertThatTheSecretIsNotIn(output);
  }

  /** Nothing is told to qemu-img but the format: the kernel alone keeps the file from it. */
  @ParameterizedTest
  @EnumSource(Planted.class)
  void sandboxKeepsOtherFilesFromTheOutput(Planted planted) throws Exception {
    Sandbox sandbox = sandbox();
    Path image = plant(planted);
    Files.createFile(output);
    List<String> arguments =
        List.of("convert", "-f", planted.driver(), "-O", "raw", "" + image, "" + output);

    run(sandbox.command(program, arguments, image, output));

    assertThatTheSecretIsNotIn(output);
  }

  @Test
  void sandboxedProgramCanReadAndWriteNothingElse() throws Exception {
    Sandbox sandbox = sandbox();
    Path input = Files.write(directory.resolve("input"), new byte[DISK_BYTES]);
    Path other = directory.resolve("other");
    Files.createFile(output);

    for (List<String> arguments :
        List.of(
            List.of("convert", "-f", "raw", "-O", "raw", "" + secret, "" + output),
            List.of("convert", "-f", "raw", "-O", "raw", "" + input, "" + other),
            List.of("convert", "-f", "raw", "-O", "raw", "" + input, "" + secret),
            List.of("convert", "-f", "raw", "-O", "raw", "/etc/passwd", "" + output))) {
      assertThat(run(sandbox.command(program, arguments, input, output))).isNotZero();
    }
    assertThat(other).doesNotExist();
    assertThat(output).isEmptyFile();
    assertThatTheSecretIsIn(secret);
  }

  /** A system call that every process may make, but for the filter: a new user namespace. */
  @Test
  void sandboxedProgramCannotMakeFilteredSystemCalls() throws Exception {
    Sandbox sandbox = sandbox();
    Path unshare = Path.of("/usr/bin/unshare");
    List<String> arguments = List.of("--user", "--", unshare.toString(), "--version");
    Files.createFile(output);
    assumeTrue(Files.isExecutable(unshare) && sandbox.filter().isPresent());
    Sandbox unfiltered = new Sandbox(sandbox.kind(), sandbox.prefix(), Optional.empty());
    assumeTrue(run(unfiltered.command(unshare, arguments, secret, output)) == 0);

    assertThat(run(sandbox.command(unshare, arguments, secret, output))).isNotZero();
  }

  @Test
  void sandboxedConversionGivesTheDisk() throws Exception {
    Sandbox sandbox = sandbox();
    QemuImg qemuImg = QemuImg.at(program);

    qemuImg.convert(
        new InspectedImage(secret, verdict(DiskFormat.RAW)),
        TargetFormat.RAW,
        output,
        ConvertLimits.defaults(),
        done -> {});

    assertThat(qemuImg.sandboxed()).isTrue();
    assertThat(qemuImg.sandbox()).isEqualTo(sandbox.description());
    assertThatTheSecretIsIn(output);
  }

  @Test
  void systemWithoutASandboxIsReported() throws Exception {
    assertThat(Sandbox.none().description()).contains("none", "not filtered");
    assertThat(QemuImg.at(Path.of("/nowhere/qemu-img")).sandboxed()).isFalse();
  }

  @Test
  void filterForbidsSocketsAndIsKnownForTwoProcessors() {
    assertThat(SyscallFilter.of("amd64").orElseThrow()).hasSize((28 + 11 + 7) * 8);
    assertThat(SyscallFilter.of("aarch64").orElseThrow()).hasSize((28 + 11 + 7) * 8);
    assertThat(SyscallFilter.of("sparc")).isEmpty();
  }

  private Sandbox sandbox() throws InterruptedException {
    Sandbox sandbox = SandboxDetection.detect(program);
    assumeTrue(
        sandbox.kind() != Sandbox.Kind.NONE,
        "neither bubblewrap nor Landlock works here (Debian: bubblewrap)");
    return sandbox;
  }

  private Path plant(Planted planted) throws Exception {
    String image = directory.resolve("image").toString();
    switch (planted) {
      case VMDK_EXTENT ->
          Files.writeString(
              Path.of(image),
              """
              # Disk DescriptorFile
              version=1
              CID=12345678
              parentCID=ffffffff
              createType="monolithicFlat"
              RW 2048 FLAT "%s" 0
              """
                  .formatted(secret));
      case VMDK_PARENT -> {
        String parent = directory.resolve("secret.vmdk").toString();
        qemuImg("convert", "-f", "raw", "-O", "vmdk", secret.toString(), parent);
        qemuImg("create", "-f", "vmdk", "-F", "vmdk", "-b", parent, image);
      }
      case QCOW2_BACKING_FILE ->
          qemuImg("create", "-f", "qcow2", "-F", "raw", "-b", secret.toString(), image);
      case QCOW2_DATA_FILE -> {
        Path data = directory.resolve("data");
        qemuImg(
            "create",
            "-f",
            "qcow2",
            "-o",
            "data_file=%s,data_file_raw=on".formatted(data),
            image,
            "1M");
        Files.copy(secret, data, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return Path.of(image);
  }

  private void assertThatQemuAloneReadsTheSecret(Path image, Planted planted) throws Exception {
    Path read = directory.resolve("read");
    qemuImg("convert", "-f", planted.driver(), "-O", "raw", image.toString(), read.toString());
    assertThatTheSecretIsIn(read);
  }

  private void convertUninspected(QemuImg qemuImg, Path image, Planted planted) throws Exception {
    try {
      qemuImg.convert(
          new InspectedImage(image, verdict(planted.format)),
          TargetFormat.RAW,
          output,
          ConvertLimits.defaults(),
          done -> {});
    } catch (ConvertException e) {
      assertThat(e.kind()).isEqualTo(ConvertException.Kind.FAILED);
    }
  }

  private static Verdict.Accepted verdict(DiskFormat format) {
    return new Verdict.Accepted(format, OptionalLong.of(DISK_BYTES), List.of());
  }

  private static void assertThatTheSecretIsIn(Path file) throws IOException {
    assertThat(Files.readString(file, ISO_8859_1)).contains(SECRET);
  }

  private static void assertThatTheSecretIsNotIn(Path file) throws IOException {
    if (Files.exists(file)) {
      assertThat(Files.readString(file, ISO_8859_1)).doesNotContain(SECRET);
    }
  }

  private void qemuImg(String command, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(program.toString(), command, "-q"));
    all.addAll(List.of(arguments));
    assertThat(run(all)).as("%s", all).isZero();
  }

  private static int run(List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }
}
