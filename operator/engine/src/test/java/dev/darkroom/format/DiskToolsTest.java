package dev.darkroom.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images made by the usual tools for partitions, discs and encryption; skipped where absent. */
class DiskToolsTest {
  private static final int DISK_BYTES = 32 << 20;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgdisk -n 1:0:0 made.img",
        "sgdisk -n 1:0:+1M -n 2:0:0 -h 1 made.img",
        "parted -s made.img mklabel gpt mkpart first 1MiB 20MiB",
        "parted -s made.img mklabel msdos mkpart primary 1MiB 9MiB mkpart extended 9MiB 30MiB"
      })
  void acceptsPartitionedDisks(String command) throws Exception {
    emptyDisk();
    run(command);

    Verdicts.accepted(inspect(), DiskFormat.GPT, DISK_BYTES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "genisoimage -quiet -J -R -o made.img content",
        "xorriso -as mkisofs -quiet -o made.img content",
        "xorriso -as mkisofs -quiet -partition_offset 16 -o made.img content"
      })
  void acceptsDiscs(String command) throws Exception {
    Files.writeString(Files.createDirectory(directory.resolve("content")).resolve("a"), "hello");
    run(command);

    Verdicts.accepted(inspect(), DiskFormat.ISO, Files.size(directory.resolve("made.img")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"luks1", "luks2"})
  void acceptsEncryptedDisks(String type) throws Exception {
    emptyDisk();
    Files.writeString(directory.resolve("key"), "passphrase");
    run(
        "cryptsetup -q luksFormat --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --type "
            + type
            + " made.img key");

    assertThat(inspect())
        .isInstanceOfSatisfying(
            Verdict.Accepted.class,
            accepted -> {
              assertThat(accepted.format()).isEqualTo(DiskFormat.LUKS);
              assertThat(accepted.notes()).containsExactly("encrypted (" + type + ")");
              assertThat(accepted.virtualSize().orElseThrow()).isBetween(1L, (long) DISK_BYTES);
            });
  }

  @Test
  void fileSystemIsNoPartitionTable() throws Exception {
    emptyDisk();
    run("mkfs.vfat made.img");

    Verdicts.unknown(inspect(), "boot sector");
  }

  private void emptyDisk() throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(directory.resolve("made.img").toFile(), "rw")) {
      file.setLength(DISK_BYTES);
    }
  }

  private Verdict inspect() throws IOException {
    return Verdicts.inspect(
        Optional.empty(), Files.readAllBytes(directory.resolve("made.img")), 65521);
  }

  private void run(String command) throws Exception {
    String tool = command.substring(0, command.indexOf(' '));
    Optional<Path> installed =
        Stream.concat(
                Stream.of(System.getenv("PATH").split(File.pathSeparator, -1)),
                Stream.of("/usr/sbin", "/sbin"))
            .map(place -> Path.of(place, tool))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(installed.isPresent(), tool + " is not installed");
    List<String> words =
        List.of(command.replaceFirst(tool, installed.get().toString()).split(" ", -1));
    Process process =
        new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
  }
}
