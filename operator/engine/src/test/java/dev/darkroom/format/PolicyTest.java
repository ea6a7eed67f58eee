package dev.darkroom.format;

import static dev.darkroom.format.DiskFormat.AKI;
import static dev.darkroom.format.DiskFormat.AMI;
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
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules that hold for every format. */
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
  void acceptsUninspectableFormatsAsDeclared(DiskFormat format) {
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
  void refusesOtherFormatsThanTheDeclaredOne() {
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
  void unsafeComesBeforeMismatch() {
    byte[] image = Qcow2Image.v3(MIB).backingFile("/etc/passwd").bytes();

    unsafe(declared(RAW, image), QCOW2, "/etc/passwd");
    unsafe(declared(VMDK, image), QCOW2, "/etc/passwd");
    unsafe(declared(AKI, image), QCOW2, "/etc/passwd");
  }

  @Test
  void refusesTwoFormatsAtOnce() {
    ByteBuilder both = ByteBuilder.of(QCOW2_IMAGE).put(0x8000, iso().part(0x8000, 4096));
    unsafe(undeclared(both.bytes()), QCOW2, "qcow2 and iso at once");
    unsafe(declared(ISO, both.bytes()), QCOW2, "qcow2 and iso at once");
    unsafe(declared(RAW, both.bytes()), QCOW2, "qcow2 and iso at once");

    ByteBuilder text = iso().text(0, "# Disk DescriptorFile\n");
    unsafe(declared(ISO, text.bytes()), VMDK, "vmdk and iso at once");

    unsafe(
        undeclared(withMbr(ByteBuilder.of(QCOW2_IMAGE)).bytes()), QCOW2, "qcow2 and mbr at once");
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
    ByteBuilder short1 = fixedVhd(noise());
    unknown(declared(VHD, short1.cutTo(short1.length() - 1).bytes()), "nor end in one");
    byte[] footer = DiskImages.sealedVhdFooter(DiskImages.vhdFooter(MIB, 2).bytes());
    unsafe(
        declared(VHD, ByteBuilder.of(noise()).put(NOISE_BYTES, footer).bytes()),
        VHD,
        "does not fit");
    unsafe(declared(VHD, fixedVhd(noise()).u8(NOISE_BYTES + 100, 9).bytes()), VHD, "checksum");
    unsafe(
        declared(RAW, fixedVhd(noise()).u8(NOISE_BYTES + 100, 9).bytes()), RAW, "vhd by their end");
  }

  @Test
  void refusesFilesWithoutBytes() {
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
  void refusesHtmlPagesUnderEveryDeclaration(String page) {
    byte[] bytes = page.getBytes(StandardCharsets.ISO_8859_1);

    unknown(undeclared(bytes), "HTML page");
    unknown(declared(QCOW2, bytes), "declared as qcow2, but the first bytes are an HTML page");
    unknown(declared(RAW, bytes), "open the URL in a browser");
    unknown(declared(AKI, bytes), "HTML page");
  }

  @Test
  void refusesDisksWithTheMarkOfAnotherFormatAtTheirEnd() {
    byte[] dynamic = DiskImages.sealedVhdFooter(DiskImages.vhdFooter(MIB, 3).bytes());
    for (byte[] footer : List.of(dynamic, ascii("conectix" + "x".repeat(504)))) {
      ByteBuilder both = ByteBuilder.of(QCOW2_IMAGE).put(QCOW2_IMAGE.length, footer);
      unsafe(undeclared(both.bytes()), QCOW2, "qcow2 by their beginning and vhd by their end");
      unsafe(undeclared(both.cutTo(both.length() - 1).bytes()), QCOW2, "and vhd by their end");
    }
    ByteBuilder dmg = new ByteBuilder(MIB).text(MIB - 512, "koly\0\0\0\u0004\0\0\u0002\0");
    unknown(declared(RAW, dmg.bytes()), "an Apple disk image");
    unknown(undeclared(withMbr(dmg).bytes()), "an Apple disk image");
    unsafe(
        undeclared(
            ByteBuilder.of(QCOW2_IMAGE).put(QCOW2_IMAGE.length, dmg.part(MIB - 512, 512)).bytes()),
        QCOW2,
        "dmg by their end");
  }

  @Test
  void quotesNamesAsShortPrintableText() {
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
