package dev.darkroom.format;

import static dev.darkroom.format.DiskFormat.AKI;
import static dev.darkroom.format.DiskFormat.AMI;
import static dev.darkroom.format.DiskFormat.ARI;
import static dev.darkroom.format.DiskFormat.PLOOP;
import static dev.darkroom.format.DiskFormat.RAW;
import static dev.darkroom.format.DiskFormat.VHD;
import static dev.darkroom.format.DiskImages.ascii;
import static dev.darkroom.format.DiskImages.withMbr;
import static dev.darkroom.format.Verdicts.accepted;
import static dev.darkroom.format.Verdicts.declared;
import static dev.darkroom.format.Verdicts.undeclared;
import static dev.darkroom.format.Verdicts.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may be declared raw, and what is recognised as something else. */
class RawDiskTest {
  /** Archives and documents: no declared format makes them an image. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          504b0304         | zip archive: unpack
          504b0506         | empty zip archive
          377abcaf271c     | 7z archive
          526172211a07     | RAR archive
          213c617263683e0a | ar archive
          edabeedb         | RPM package
          4d53434600000000 | cabinet archive
          4d5357494d000000 | Windows image
          255044462d312e37 | PDF document
          3c3f786d6c3e     | XML document
          7b2261223a20317d | JSON document
          68656c6c6f       | plain text
          fffe680065006c006c006f002c0020006900 | plain text in UTF-16
          """)
  void refusesArchivesAndDocumentsWhateverWasDeclared(String start, String says) {
    byte[] bytes = HexFormat.of().parseHex(start);
    byte[] padded = says.matches(".*(text|document).*") ? bytes : Arrays.copyOf(bytes, 2048);

    unknown(undeclared(padded), "the first bytes look like");
    unknown(undeclared(padded), says);
    for (DiskFormat format : List.of(RAW, AMI, AKI, ARI, PLOOP, VHD)) {
      unknown(declared(format, padded), "declared as " + format.apiName() + ", but the first");
      unknown(declared(format, padded), says);
    }
  }

  /** Compressed streams and programs: a kernel or a RAM disk may be one, a disk may not. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1f8b0800         | gzip-compressed data: decompress it first
          425a6839         | bzip2-compressed
          fd377a585a00     | xz-compressed
          28b52ffd         | zstd-compressed
          04224d18         | lz4-compressed
          02214c18         | lz4-compressed
          5d00008000ffffffffffffffff | lzma-compressed
          303730373031     | cpio archive
          7f454c46         | program (ELF)
          4d5a9000         | program for Windows or EFI
          cffaedfe         | program for macOS
          27051956         | U-Boot image
          """)
  void refusesCompressedStreamsAndProgramsAsDisks(String start, String says) {
    byte[] padded = Arrays.copyOf(HexFormat.of().parseHex(start), 2048);

    unknown(undeclared(padded), says);
    unknown(declared(RAW, padded), says);
    unknown(declared(AMI, padded), says);
    for (DiskFormat format : List.of(AKI, ARI)) {
      assertThat(declared(format, padded))
          .isInstanceOfSatisfying(
              Verdict.Accepted.class,
              accepted ->
                  assertThat(accepted.notes()).singleElement().asString().contains("look like"));
    }
  }

  @Test
  void tellsDocumentsThatStandInThePlaceOfAnImage() {
    String sum = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    for (String checksums :
        List.of(
            sum + "  disk.raw\n",
            sum + " *disk.raw\n",
            "# disk.raw: 5 bytes\nSHA256 (disk.raw) = " + sum + "\n",
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n")) {
      unknown(declared(RAW, ascii(checksums)), "a list of checksums: give the URL of the disk");
    }
    unknown(
        declared(RAW, ascii("version https://git-lfs.github.com/spec/v1\noid sha256:" + sum)),
        "a Git LFS pointer: fetch the file");
    unknown(declared(RAW, ascii("#!/bin/sh\necho\n")), "plain text");
  }

  @Test
  void takesFileSystemsAndZerosForRawDisks() {
    for (ByteBuilder disk : List.of(new ByteBuilder(4096), new ByteBuilder(4096).text(0, "XFSB"))) {
      unknown(undeclared(disk.bytes()), "if they are a raw disk, declare diskFormat: raw");
      assertThat(accepted(declared(RAW, disk.bytes()), RAW, 4096).notes())
          .singleElement()
          .asString()
          .contains("look like");
    }
  }

  @Test
  void refusesTarsOfAnyAgeAndKernelsWithABootSector() {
    ByteBuilder old =
        new ByteBuilder(2048).text(0, "disk.raw").text(100, "0000644\0").text(148, "        ");
    int sum = 0;
    for (byte b : old.part(0, 512)) {
      sum += b;
    }
    old.text(148, "%06o\0 ".formatted(sum));
    unknown(declared(RAW, old.bytes()), "tar archive");
    accepted(declared(RAW, old.text(148, "0000001\0").bytes()), RAW, 2048);

    ByteBuilder kernel = withMbr(new ByteBuilder(4096)).text(514, "HdrS");
    unknown(undeclared(kernel.bytes()), "a Linux kernel");
    unknown(declared(RAW, kernel.bytes()), "diskFormat: aki");
    assertThat(declared(AKI, kernel.bytes())).isInstanceOf(Verdict.Accepted.class);
  }

  /** One random disk in some thousands begins with two or three bytes that mean something. */
  @Test
  void randomBytesRemainRaw() {
    Random random = new Random(3);
    byte[] disk = new byte[4096];
    for (int round = 0; round < 2000; round++) {
      random.nextBytes(disk);
      assertThat(declared(RAW, disk)).isInstanceOf(Verdict.Accepted.class);
    }
    for (String start : List.of("BZh0", "MZ", "PK", "]\0\0", "Rar", "070", "{", "<")) {
      byte[] bytes = ByteBuilder.of(disk).text(0, start).u16le(510, 0xAA55).bytes();
      assertThat(declared(RAW, bytes)).as(start).isInstanceOf(Verdict.Accepted.class);
    }
  }

  @Test
  void looksBeyondTheFirstSector() {
    unknown(undeclared(new ByteBuilder(4096).text(257, "ustar").bytes()), "tar archive");
    unknown(undeclared(new ByteBuilder(4096).text(512, "LABELONE").bytes()), "LVM");
    unknown(undeclared(new ByteBuilder(4096).u16le(1080, 0xEF53).bytes()), "ext4");
    unknown(undeclared(new ByteBuilder(65536).text(32769, "BEA01").bytes()), "UDF");
  }
}
