package dev.darkroom.e2e.dev.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.e2e.dev.Repository;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample is a sound disk, and the one that the manifest describes. */
class SampleDiskTest {

  private static final Path MANIFEST = Repository.ROOT.resolve("samples/quickstart/image.yaml");

  @TempDir static Path scratch;
  private static Path disk;

  @BeforeAll
  static void write() throws IOException {
    disk = scratch.resolve(SampleDisk.FILE_NAME);
    SampleDisk.writeTo(disk);
  }

  @Test
  void hasTheChecksumThatTheManifestStates() throws Exception {
    Matcher checksum =
        Pattern.compile("^ *checksum: sha256:(\\w+)$", Pattern.MULTILINE)
            .matcher(Files.readString(MANIFEST));

    assertThat(checksum.find()).isTrue();
    assertThat(checksum.group(1)).as("checksum in %s", MANIFEST).isEqualTo(sha256(disk));
  }

  @Test
  void isWrittenOverAnOlderOne() throws Exception {
    Path again = Files.write(scratch.resolve("again.qcow2"), new byte[60 << 20]);

    SampleDisk.writeTo(again);

    assertThat(sha256(again)).isEqualTo(sha256(disk));
  }

  @Test
  void isFoundSoundByQemu() throws Exception {
    assertThat(Qemu.img("check", disk.toString())).contains("No errors were found");
    assertThat(Qemu.img("info", disk.toString()))
        .contains("file format: qcow2")
        .contains("virtual size: 64 MiB")
        .contains("corrupt: false")
        .doesNotContain("backing file");
  }

  @Test
  void hasABootSectorAndAPartitionThatEndsWithTheDisk() throws Exception {
    Path raw = scratch.resolve("hello.raw");

    Qemu.img("convert", "-O", "raw", disk.toString(), raw.toString());

    byte[] sector = new byte[512];
    try (RandomAccessFile file = new RandomAccessFile(raw.toFile(), "r")) {
      file.readFully(sector);
      assertThat(file.length()).isEqualTo(SampleDisk.VIRTUAL_SIZE);
    }
    assertThat(HexFormat.of().formatHex(sector, 510, 512)).isEqualTo("55aa");
    assertThat(sector[446]).as("active").isEqualTo((byte) 0x80);
    long first = littleEndian(sector, 454);
    long sectors = littleEndian(sector, 458);
    assertThat((first + sectors) * 512).isEqualTo(SampleDisk.VIRTUAL_SIZE);
  }

  @Test
  void boots() throws IOException {
    Qemu.awaitOnSerialPort(SampleDisk.LINE, disk, scratch);
  }

  private static long littleEndian(byte[] bytes, int at) {
    return (bytes[at] & 0xFFL)
        | (bytes[at + 1] & 0xFFL) << 8
        | (bytes[at + 2] & 0xFFL) << 16
        | (bytes[at + 3] & 0xFFL) << 24;
  }

  private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
