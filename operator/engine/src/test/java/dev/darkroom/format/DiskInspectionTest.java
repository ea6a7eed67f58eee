package dev.darkroom.format;

import static dev.darkroom.format.DiskFormat.GPT;
import static dev.darkroom.format.DiskFormat.ISO;
import static dev.darkroom.format.DiskFormat.LUKS;
import static dev.darkroom.format.DiskFormat.PLOOP;
import static dev.darkroom.format.DiskFormat.QED;
import static dev.darkroom.format.DiskFormat.VDI;
import static dev.darkroom.format.DiskFormat.VHD;
import static dev.darkroom.format.DiskFormat.VHDX;
import static dev.darkroom.format.DiskImages.MIB;
import static dev.darkroom.format.DiskImages.dynamicVhd;
import static dev.darkroom.format.DiskImages.fixedVhd;
import static dev.darkroom.format.DiskImages.iso;
import static dev.darkroom.format.DiskImages.luks1;
import static dev.darkroom.format.DiskImages.luks2;
import static dev.darkroom.format.DiskImages.luks2WithSecondHeader;
import static dev.darkroom.format.DiskImages.mbr;
import static dev.darkroom.format.DiskImages.ploop;
import static dev.darkroom.format.DiskImages.sealLuks2;
import static dev.darkroom.format.DiskImages.sealVhdHeader;
import static dev.darkroom.format.DiskImages.sealedVhdFooter;
import static dev.darkroom.format.DiskImages.vdi;
import static dev.darkroom.format.DiskImages.vhdFooter;
import static dev.darkroom.format.Verdicts.accepted;
import static dev.darkroom.format.Verdicts.truncated;
import static dev.darkroom.format.Verdicts.undeclared;
import static dev.darkroom.format.Verdicts.unsafe;
import static dev.darkroom.format.VhdxImages.vhdx;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each format must and must not say that has no test of its own. */
class DiskInspectionTest {
  @Test
  void acceptsSoundImagesWithTheirVirtualSize() {
    accepted(undeclared(vdi().bytes()), VDI, 8 * MIB);
    accepted(undeclared(dynamicVhd().bytes()), VHD, 8 * MIB);
    accepted(undeclared(fixedVhd(mbr().bytes()).bytes()), VHD, MIB);
    accepted(undeclared(vhdx().bytes()), VHDX, 8 * MIB);
    accepted(undeclared(iso().bytes()), ISO, 40 * 2048);
    accepted(undeclared(luks1().bytes()), LUKS, 64 << 10);
    accepted(undeclared(luks2().bytes()), LUKS, 64 << 10);
    accepted(undeclared(luks2WithSecondHeader("").bytes()), LUKS, 64 << 10);
    accepted(undeclared(luks2WithSecondHeader("{").u8((16 << 10) + 9, 1).bytes()), LUKS, 64 << 10);
    accepted(undeclared(ploop().bytes()), PLOOP, 4 * MIB);
    accepted(undeclared(ploop("WithoutFreeSpace").bytes()), PLOOP, 4 * MIB);
  }

  @Test
  void readsThePrimaryDescriptorOfAnIsoBehindABootRecord() {
    ByteBuilder iso = iso();
    byte[] primary = iso.part(0x8000, 2048);

    accepted(undeclared(iso.put(0x8800, primary).u8(0x8000, 0).bytes()), ISO, 40 * 2048);
  }

  @Test
  void readsTheSizeOfALuks2SegmentThatSaysOne() {
    String json = "{\"segments\":{\"0\":{\"offset\":\"65536\",\"size\":\"%d\"}}}";

    accepted(undeclared(luks2(json.formatted(4096)).bytes()), LUKS, 4096);
    truncated(undeclared(luks2(json.formatted(MIB)).bytes()), LUKS, "its data ends");
  }

  @Test
  void givesNoSizeForADiskUnderReencryption() {
    String json =
        "{\"segments\":{\"0\":{\"offset\":\"65536\",\"size\":\"512\"},\"1\":{\"type\":\"x\"}}}";

    assertThat(undeclared(luks2(json).bytes()))
        .isInstanceOfSatisfying(
            Verdict.Accepted.class, accepted -> assertThat(accepted.virtualSize()).isEmpty());
  }

  @Test
  void refusesQedWhateverItHolds() {
    unsafe(undeclared(new ByteBuilder(MIB).text(0, "QED\0").bytes()), QED, "abandoned");
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of(VDI, vdi().u32le(0x44, 0x20000), "version 2"),
        Arguments.of(VDI, vdi().u32le(0x44, 0x10000), "version 1.0"),
        Arguments.of(VDI, vdi().u32le(0x48, 0x100), "unknown length (256 bytes)"),
        Arguments.of(VDI, vdi().u32le(0x48, 0x1C0), "unknown length (448 bytes)"),
        Arguments.of(VDI, vdi().u32le(0x17C, 512), "extra bytes"),
        Arguments.of(VDI, vdi().u32le(0x4C, 4), "needs its parent"),
        Arguments.of(VDI, vdi().u8(0x1B8, 1), "needs its parent"),
        Arguments.of(VDI, vdi().u8(0x1A8, 1), "needs its parent"),
        Arguments.of(VDI, vdi().u32le(0x4C, 3), "image type (3)"),
        Arguments.of(VDI, vdi().u32le(0x168, 4096), "512 bytes"),
        Arguments.of(VDI, vdi().u32le(0x178, 0), "block size"),
        Arguments.of(VDI, vdi().u32le(0x180, 7), "fewer blocks"),
        Arguments.of(VDI, vdi().u64le(0x170, -1), "fewer blocks"),
        Arguments.of(VDI, vdi().u32le(0x184, 9), "fewer blocks"),
        Arguments.of(VDI, vdi().u32le(0x154, 0), "impossible place"),
        Arguments.of(VDI, vdi().u32le(0x158, 512), "impossible place"),
        Arguments.of(VHD, differencingVhd(), "needs its parent"),
        Arguments.of(VHD, sealVhdHeader(dynamicVhd().text(512 + 64, "\0b\0.\0v")), "(b.v)"),
        Arguments.of(VHD, sealVhdHeader(dynamicVhd().text(512 + 576, "W2ku")), "parent disk"),
        Arguments.of(VHD, sealVhdHeader(dynamicVhd().u8(512 + 40, 1)), "parent disk"),
        Arguments.of(VHD, dynamicVhd().u64be(48, MIB), "footer whose checksum"),
        Arguments.of(VHD, dynamicVhd().u32be(512 + 28, 5), "header whose checksum"),
        Arguments.of(VHD, dynamicVhd().text(512, "cxspares"), "no dynamic disk header"),
        Arguments.of(VHD, sealVhdHeader(dynamicVhd().u32be(512 + 24, 1)), "unknown version"),
        Arguments.of(VHD, sealVhdHeader(dynamicVhd().u32be(512 + 28, 3)), "fewer blocks"),
        Arguments.of(VHD, sealVhdHeader(dynamicVhd().u32be(512 + 32, 3)), "block size"),
        Arguments.of(VHD, sealVhdHeader(dynamicVhd().u64be(512 + 16, -9)), "allocation table"),
        Arguments.of(VHD, footers(vhdFooter(8L * MIB, 2).u64be(16, 512)), "disk type (2)"),
        Arguments.of(VHD, footers(vhdFooter(-1, 3).u64be(16, 512)), "virtual size"),
        Arguments.of(VHD, footers(vhdFooter(MIB, 3).u64be(16, -1)), "impossible place"),
        Arguments.of(VHD, footers(vhdFooter(MIB, 3).u32be(12, 0x20000)), "unknown version"),
        Arguments.of(VHD, dynamicVhd().u8(2048 + 100, 1), "footers that differ"),
        Arguments.of(ISO, iso().u32be(0x8000 + 84, 41), "two different sizes"),
        Arguments.of(ISO, iso().u16le(0x8000 + 128, 7).u16be(0x8000 + 130, 7), "volume size"),
        Arguments.of(ISO, iso().u8(0x8006, 2), "unknown version"),
        Arguments.of(ISO, iso().u8(0x8000, 2), "no primary volume descriptor"),
        Arguments.of(PLOOP, ploop().u32le(16, 1), "version 1"),
        Arguments.of(PLOOP, ploop().u32le(28, 0), "clusters of an impossible size"),
        Arguments.of(PLOOP, ploop().u32le(28, -1), "clusters of an impossible size"),
        Arguments.of(PLOOP, ploop().u32le(32, 3), "fewer clusters"),
        Arguments.of(PLOOP, ploop().u64le(36, -1), "fewer clusters"),
        Arguments.of(
            PLOOP, ploop("WithoutFreeSpace").u32le(32, 400).u32le(72, 1), "on top of its headers"),
        Arguments.of(LUKS, luks2WithSecondHeader("{\"segments\":{}} "), "two headers that differ"),
        Arguments.of(LUKS, luks1().u16be(6, 3), "version 3"),
        Arguments.of(LUKS, luks1().u8(8, 0), "without a cipher"),
        Arguments.of(LUKS, luks1().u32be(108, 0), "without a cipher"),
        Arguments.of(LUKS, luks1().u32be(208, 1), "key slot"),
        Arguments.of(LUKS, luks1().u32be(104, 0), "detached"),
        Arguments.of(LUKS, luks2().u64be(8, 12345), "impossible length"),
        Arguments.of(LUKS, luks2().u64be(8, 1L << 40), "impossible length"),
        Arguments.of(LUKS, luks2().u64be(256, 4096), "elsewhere"),
        Arguments.of(LUKS, luks2().u8(5000, 1), "checksum is wrong"),
        Arguments.of(LUKS, luks2().text(72, "md999\0"), "unknown checksum (md999)"),
        Arguments.of(LUKS, luks2("{\"segments\":"), "not JSON"),
        Arguments.of(LUKS, luks2("{}"), "without a data segment"),
        Arguments.of(LUKS, luks2(segment("0", "dynamic")), "detached"),
        Arguments.of(LUKS, luks2(segment("65536", "some")), "impossible size"),
        Arguments.of(LUKS, sealLuks2(luks2("[]")), "without a data segment"));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("malformed")
  void refusesWhatNeedsOtherFilesOrContradictsItself(
      DiskFormat format, ByteBuilder image, String says) {
    Verdict verdict = undeclared(image.bytes());

    assertThat(verdict).isInstanceOf(Verdict.Unsafe.class);
    assertThat(((Verdict.Unsafe) verdict).format()).isEqualTo(format);
    assertThat(((Verdict.Unsafe) verdict).message())
        .matches("(" + format.apiName() + (format == GPT ? "|mbr" : "") + ") .*")
        .contains(says);
  }

  static Stream<Arguments> cutOff() {
    return Stream.of(
        Arguments.of(VDI, vdi().cutTo(400), "header"),
        Arguments.of(VDI, vdi().u32le(0x184, 1), "last block"),
        Arguments.of(VHD, dynamicVhd().cutTo(2048), "does not end in its footer"),
        Arguments.of(VHD, dynamicVhd().cutTo(400), "header"),
        Arguments.of(VHD, dynamicVhd().cutTo(1000), "metadata"),
        Arguments.of(ISO, iso().cutTo(39 * 2048), "its volume ends at byte 81920"),
        Arguments.of(ISO, iso().cutTo(0x8100), "header"),
        Arguments.of(PLOOP, ploop().cutTo(60), "header"),
        Arguments.of(PLOOP, ploop().cutTo(72), "allocation table"),
        Arguments.of(PLOOP, ploop().cutTo(MIB), "a cluster begins at byte 1048576"),
        Arguments.of(LUKS, luks1().cutTo(500), "header"),
        Arguments.of(LUKS, luks1().cutTo(4000), "key area"),
        Arguments.of(LUKS, luks2().cutTo(12 << 10), "metadata"),
        Arguments.of(LUKS, luks2().cutTo(20 << 10), "metadata"));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("cutOff")
  void refusesFilesThatEndTooEarly(DiskFormat format, ByteBuilder image, String says) {
    truncated(undeclared(image.bytes()), format, says);
  }

  private static String segment(String offset, String size) {
    return "{\"segments\":{\"0\":{\"offset\":\"%s\",\"size\":\"%s\"}}}".formatted(offset, size);
  }

  private static ByteBuilder footers(ByteBuilder footer) {
    byte[] sealed = sealedVhdFooter(footer.bytes());
    return dynamicVhd().put(0, sealed).put(2048, sealed);
  }

  private static ByteBuilder differencingVhd() {
    return footers(vhdFooter(8L * MIB, 4).u64be(16, 512));
  }
}
