package dev.darkroom.format;

import static dev.darkroom.format.DiskFormat.AKI;
import static dev.darkroom.format.DiskFormat.AMI;
import static dev.darkroom.format.DiskFormat.ARI;
import static dev.darkroom.format.DiskFormat.GPT;
import static dev.darkroom.format.DiskFormat.ISO;
import static dev.darkroom.format.DiskFormat.PLOOP;
import static dev.darkroom.format.DiskFormat.QCOW2;
import static dev.darkroom.format.DiskFormat.RAW;
import static dev.darkroom.format.DiskFormat.VHD;
import static dev.darkroom.format.DiskFormat.VMDK;
import static dev.darkroom.format.DiskImages.MIB;
import static dev.darkroom.format.DiskImages.ascii;
import static dev.darkroom.format.DiskImages.fixedVhd;
import static dev.darkroom.format.DiskImages.gpt;
import static dev.darkroom.format.DiskImages.iso;
import static dev.darkroom.format.DiskImages.mbr;
import static dev.darkroom.format.DiskImages.withMbr;
import static dev.darkroom.format.Verdicts.accepted;
import static dev.darkroom.format.Verdicts.declared;
import static dev.darkroom.format.Verdicts.mismatch;
import static dev.darkroom.format.Verdicts.undeclared;
import static dev.darkroom.format.Verdicts.unknown;
import static dev.darkroom.format.Verdicts.unsafe;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may stand where, whatever the format. */
class PolicyTest {
  private static final byte[] QCOW2_IMAGE = Qcow2Image.v3(MIB).bytes();
  private static final String HTML = "\n<!DOCTYPE html>\n<html><title>Sign in</title></html>";

  /** A number of whole sectors. */
  private static final int NOISE_BYTES = 102_400;

  private static byte[] noise() {
    byte[] noise = new byte[NOISE_BYTES];
    new Random(7).nextBytes(noise);
    return noise;
  }

  @Test
  void unknownIsNotRaw() {
    unknown(undeclared(noise()), "if they are a raw disk, declare diskFormat: raw");
    unknown(declared(QCOW2, noise()), "declared as qcow2, but the first bytes");
    unknown(declared(GPT, noise()), "declared as gpt");
    assertThat(accepted(declared(RAW, noise()), RAW, NOISE_BYTES).notes()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = DiskFormat.class,
      names = {"AMI", "ARI", "AKI", "PLOOP"})
  void takesFormatsThatCannotBeInspectedAtTheirOwnersWord(DiskFormat format) {
    assertThat(declared(format, noise()))
        .isInstanceOfSatisfying(
            Verdict.Accepted.class,
            accepted -> {
              assertThat(accepted.format()).isEqualTo(format);
              assertThat(accepted.virtualSize()).isEmpty();
            });
  }

  @Test
  void aRawDiskMayHaveAPartitionTable() {
    assertThat(accepted(declared(RAW, gpt().bytes()), RAW, MIB).notes())
        .containsExactly("GPT partition table");
    accepted(declared(RAW, mbr().bytes()), RAW, MIB);
    assertThat(accepted(declared(RAW, mbr().u32le(458, 1 << 20).bytes()), RAW, MIB).notes())
        .containsExactly("MBR partition table", "partition table reaches past the end of the file");
    assertThat(accepted(declared(RAW, gpt().u64le(544, 9).bytes()), RAW, MIB).notes())
        .containsExactly("GPT partition table", "partition table contradicts itself");
    accepted(declared(RAW, mbr().u32le(458, -1).bytes()), RAW, MIB);
    accepted(declared(GPT, mbr().bytes()), GPT, MIB);
    assertThat(GPT.openedAs()).isEqualTo(RAW);
  }

  @Test
  void refusesWhatIsNotWhatWasDeclared() {
    mismatch(declared(RAW, QCOW2_IMAGE), RAW, QCOW2);
    mismatch(declared(VMDK, QCOW2_IMAGE), VMDK, QCOW2);
    mismatch(declared(AMI, gpt().bytes()), AMI, GPT);
    assertThat(((Verdict.Mismatch) declared(AMI, mbr().bytes())).message())
        .contains("but the bytes are mbr: declare diskFormat: gpt");
    mismatch(declared(RAW, iso().bytes()), RAW, ISO);
    mismatch(declared(GPT, withMbr(iso()).bytes()), GPT, ISO);
    mismatch(declared(RAW, fixedVhd(noise()).bytes()), RAW, VHD);
    mismatch(declared(GPT, fixedVhd(mbr().bytes()).bytes()), GPT, VHD);
  }

  @Test
  void dangerIsToldBeforeTheWrongDeclaration() {
    byte[] image = Qcow2Image.v3(MIB).backingFile("/etc/passwd").bytes();

    unsafe(declared(RAW, image), QCOW2, "/etc/passwd");
    unsafe(declared(VMDK, image), QCOW2, "/etc/passwd");
    unsafe(declared(AKI, image), QCOW2, "/etc/passwd");
  }

  @Test
  void refusesTwoFormatsAtOnce() {
    Blob both = Blob.of(QCOW2_IMAGE).put(0x8000, iso().part(0x8000, 4096));
    unsafe(undeclared(both.bytes()), QCOW2, "qcow2 and iso at once");
    unsafe(declared(ISO, both.bytes()), QCOW2, "qcow2 and iso at once");
    unsafe(declared(RAW, both.bytes()), QCOW2, "qcow2 and iso at once");

    Blob text = iso().text(0, "# Disk DescriptorFile\n");
    unsafe(declared(ISO, text.bytes()), VMDK, "vmdk and iso at once");

    unsafe(undeclared(withMbr(Blob.of(QCOW2_IMAGE)).bytes()), QCOW2, "qcow2 and mbr at once");
    unsafe(undeclared(fixedVhd(QCOW2_IMAGE).bytes()), QCOW2, "vhd by their end");
    mismatch(declared(VHD, fixedVhd(QCOW2_IMAGE).bytes()), VHD, QCOW2);
    mismatch(declared(RAW, DiskImages.ploop().bytes()), RAW, PLOOP);
  }

  @Test
  void aFixedVhdMayHoldAnyDisk() {
    accepted(declared(VHD, fixedVhd(noise()).bytes()), VHD, NOISE_BYTES);
    accepted(declared(VHD, fixedVhd(gpt().bytes()).bytes()), VHD, MIB);
    accepted(declared(VHD, fixedVhd(new byte[MIB]).bytes()), VHD, MIB);
  }

  @Test
  void aFixedVhdMustEndInItsFooter() {
    unknown(declared(VHD, noise()), "neither begin with a vhd footer nor end in one");
    Blob short1 = fixedVhd(noise());
    unknown(declared(VHD, short1.cutTo(short1.length() - 1).bytes()), "nor end in one");
    byte[] footer = DiskImages.sealedVhdFooter(DiskImages.vhdFooter(MIB, 2).bytes());
    unsafe(declared(VHD, Blob.of(noise()).put(NOISE_BYTES, footer).bytes()), VHD, "does not fit");
    unsafe(declared(VHD, fixedVhd(noise()).u8(NOISE_BYTES + 100, 9).bytes()), VHD, "checksum");
    unsafe(
        declared(RAW, fixedVhd(noise()).u8(NOISE_BYTES + 100, 9).bytes()), RAW, "vhd by their end");
  }

  @Test
  void nothingIsNoImage() {
    unknown(undeclared(new byte[0]), "no bytes at all");
    unknown(declared(RAW, new byte[0]), "no bytes at all");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        HTML,
        "<HTML><head>",
        "<?xml version='1.0'?><!DOCTYPE html PUBLIC><html>",
        "\u00EF\u00BB\u00BF<head>"
      })
  void anHtmlPageIsNoImageWhateverWasDeclared(String page) {
    byte[] bytes = page.getBytes(StandardCharsets.ISO_8859_1);

    unknown(undeclared(bytes), "HTML page");
    unknown(declared(QCOW2, bytes), "declared as qcow2, but the first bytes are an HTML page");
    unknown(declared(RAW, bytes), "open the URL in a browser");
    unknown(declared(AKI, bytes), "HTML page");
  }

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
    for (Blob disk : List.of(new Blob(4096), new Blob(4096).text(0, "XFSB"))) {
      unknown(undeclared(disk.bytes()), "if they are a raw disk, declare diskFormat: raw");
      assertThat(accepted(declared(RAW, disk.bytes()), RAW, 4096).notes())
          .singleElement()
          .asString()
          .contains("look like");
    }
  }

  @Test
  void refusesTarsOfAnyAgeAndKernelsWithABootSector() {
    Blob old = new Blob(2048).text(0, "disk.raw").text(100, "0000644\0").text(148, "        ");
    int sum = 0;
    for (byte b : old.part(0, 512)) {
      sum += b;
    }
    old.text(148, "%06o\0 ".formatted(sum));
    unknown(declared(RAW, old.bytes()), "tar archive");
    accepted(declared(RAW, old.text(148, "0000001\0").bytes()), RAW, 2048);

    Blob kernel = withMbr(new Blob(4096)).text(514, "HdrS");
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
      byte[] bytes = Blob.of(disk).text(0, start).u16le(510, 0xAA55).bytes();
      assertThat(declared(RAW, bytes)).as(start).isInstanceOf(Verdict.Accepted.class);
    }
  }

  @Test
  void refusesDisksWithTheMarkOfAnotherFormatAtTheirEnd() {
    byte[] dynamic = DiskImages.sealedVhdFooter(DiskImages.vhdFooter(MIB, 3).bytes());
    for (byte[] footer : List.of(dynamic, ascii("conectix" + "x".repeat(504)))) {
      Blob both = Blob.of(QCOW2_IMAGE).put(QCOW2_IMAGE.length, footer);
      unsafe(undeclared(both.bytes()), QCOW2, "qcow2 by their beginning and vhd by their end");
      unsafe(undeclared(both.cutTo(both.length() - 1).bytes()), QCOW2, "and vhd by their end");
    }
    Blob dmg = new Blob(MIB).text(MIB - 512, "koly\0\0\0\u0004\0\0\u0002\0");
    unknown(declared(RAW, dmg.bytes()), "an Apple disk image");
    unknown(undeclared(withMbr(dmg).bytes()), "an Apple disk image");
    unsafe(
        undeclared(Blob.of(QCOW2_IMAGE).put(QCOW2_IMAGE.length, dmg.part(MIB - 512, 512)).bytes()),
        QCOW2,
        "dmg by their end");
  }

  @Test
  void looksBeyondTheFirstSector() {
    unknown(undeclared(new Blob(4096).text(257, "ustar").bytes()), "tar archive");
    unknown(undeclared(new Blob(4096).text(512, "LABELONE").bytes()), "LVM");
    unknown(undeclared(new Blob(4096).u16le(1080, 0xEF53).bytes()), "ext4");
    unknown(undeclared(new Blob(65536).text(32769, "BEA01").bytes()), "UDF");
  }

  @Test
  void quotesNamesFromTheImageWithCare() {
    byte[] image = Qcow2Image.v3(MIB).backingFile("\u001b[2J\n" + "x".repeat(300)).bytes();

    assertThat(((Verdict.Unsafe) undeclared(image)).message())
        .contains("(?[2J?xxx")
        .contains("xxx...)")
        .hasSizeLessThan(220)
        .matches("[ -~]*");
  }

  @Test
  void knowsFormatsByTheirNamesInTheApi() {
    assertThat(Arrays.stream(DiskFormat.values()).map(DiskFormat::apiName))
        .containsExactlyInAnyOrder(
            "raw", "qcow2", "vmdk", "vdi", "vhd", "vhdx", "iso", "ploop", "ami", "ari", "aki",
            "gpt", "luks", "qed");
    for (DiskFormat format : DiskFormat.values()) {
      assertThat(DiskFormat.of(format.apiName())).hasValue(format);
    }
    assertThat(DiskFormat.of("QCOW2")).isEmpty();
  }
}
