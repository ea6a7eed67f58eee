package dev.darkroom.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A directory in which tests run qemu-img; they are skipped where it is not installed. */
abstract class QemuDirectory {
  @TempDir Path directory;

  @BeforeAll
  static void qemuImgIsInstalled() throws Exception {
    boolean there;
    try {
      there = run(Path.of("."), List.of("qemu-img", "--version")).contains("qemu-img version");
    } catch (IOException notFound) {
      there = false;
    }
    assumeTrue(there, "qemu-img is not installed (Debian: qemu-utils)");
  }

  Verdict undeclared(String name) throws IOException {
    return Verdicts.inspect(Optional.empty(), made(name), 4093);
  }

  void made(String name, ByteBuilder image) throws IOException {
    Files.write(directory.resolve(name), image.bytes());
  }

  byte[] made(String name) throws IOException {
    return Files.readAllBytes(directory.resolve(name));
  }

  String qemuInfo(String driver) throws Exception {
    return run(directory, List.of("qemu-img", "info", "--output=json", "-f", driver, "made.img"));
  }

  void qemuImg(String command, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("qemu-img", command, "-q"));
    all.addAll(List.of(arguments));
    run(directory, all);
  }

  static String run(Path directory, List<String> command) throws Exception {
    Process process = started(directory, command);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
    return output;
  }

  /** What a command says, whether it succeeds or not. */
  String output(List<String> command) throws Exception {
    return new String(
        started(directory, command).getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  static Process started(Path directory, List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .start();
  }
}
