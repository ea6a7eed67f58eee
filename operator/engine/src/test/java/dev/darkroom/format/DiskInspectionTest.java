package dev.darkroom.format;

import static dev.darkroom.format.DiskFormat.GPT;
import static dev.darkroom.format.DiskFormat.ISO;
import static dev.darkroom.format.DiskFormat.LUKS;
import static dev.darkroom.format.DiskFormat.PLOOP;
import static dev.darkroom.format.DiskFormat.QED;
import static dev.darkroom.format.DiskFormat.RAW;
import static dev.darkroom.format.DiskFormat.VDI;
import static dev.darkroom.format.DiskFormat.VHD;
import static dev.darkroom.format.DiskFormat.VHDX;
import static dev.darkroom.format.DiskImages.MIB;
import static dev.darkroom.format.DiskImages.dynamicVhd;
import static dev.darkroom.format.DiskImages.fixedVhd;
import static dev.darkroom.format.DiskImages.gpt;
import static dev.darkroom.format.DiskImages.iso;
import static dev.darkroom.format.DiskImages.luks1;
import static dev.darkroom.format.DiskImages.luks2;
import static dev.darkroom.format.DiskImages.luks2WithSecondHeader;
import static dev.darkroom.format.DiskImages.mbr;
import static dev.darkroom.format.DiskImages.ploop;
import static dev.darkroom.format.DiskImages.sealGpt;
import static dev.darkroom.format.DiskImages.sealLuks2;
import static dev.darkroom.format.DiskImages.sealVhdHeader;
import static dev.darkroom.format.DiskImages.sealVhdx;
import static dev.darkroom.format.DiskImages.sealedVhdFooter;
import static dev.darkroom.format.DiskImages.vdi;
import static dev.darkroom.format.DiskImages.vhdFooter;
import static dev.darkroom.format.DiskImages.vhdx;
import static dev.darkroom.format.DiskImages.withMbr;
import static dev.darkroom.format.Verdicts.accepted;
import static dev.darkroom.format.Verdicts.truncated;
import static dev.darkroom.format.Verdicts.undeclared;
import static dev.darkroom.format.Verdicts.unsafe;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each format but qcow2 and VMDK, which have their own tests, must and must not say. */
class DiskInspectionTest {
  private static final int METADATA = 3 * MIB;
  private static final int ITEMS = METADATA + (64 << 10);

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
  void saysWhichPartitionTableADiskHas() {
    assertThat(accepted(undeclared(mbr().bytes()), GPT, MIB).notes())
        .containsExactly("MBR partition table");
    assertThat(accepted(undeclared(gpt().bytes()), GPT, MIB).notes())
        .containsExactly("GPT partition table");
    assertThat(accepted(undeclared(withMbr(iso()).bytes()), ISO, 40 * 2048).notes())
        .containsExactly("MBR partition table");
  }

  @Test
  void acceptsUnusualProtectiveMbrsWithANote() {
    String note = "unusual geometry in the protective MBR";
    for (Blob gpt :
        List.of(
            gpt().put(447, new byte[3]), gpt().text(447, "\u00FE\u00FF\u00FF"), gpt().u8(448, 1))) {
      assertThat(accepted(undeclared(gpt.bytes()), GPT, MIB).notes())
          .containsExactly("GPT partition table", note);
    }
    assertThat(accepted(undeclared(hybrid().bytes()), GPT, MIB).notes())
        .containsExactly("GPT partition table", "hybrid MBR");
    assertThat(accepted(Verdicts.declared(RAW, hybrid().bytes()), RAW, MIB).notes())
        .containsExactly("GPT partition table", "hybrid MBR");
    Blob second = hybrid();
    byte[] entries = second.part(446, 32);
    second.put(446, Arrays.copyOfRange(entries, 16, 32)).put(462, Arrays.copyOf(entries, 16));
    accepted(undeclared(second.bytes()), GPT, MIB);
  }

  /** As a Raspberry Pi needs it: a FAT partition beside the protective entry. */
  private static Blob hybrid() {
    return gpt().u8(466, 0x0C).u32le(470, 64).u32le(474, 64);
  }

  @Test
  void callsADiskByTheTableThatItHas() {
    truncated(undeclared(mbr().cutTo(100 * 512).bytes()), GPT, "mbr is cut off");
    truncated(undeclared(gpt().cutTo(100 * 512).bytes()), GPT, "gpt is cut off");
  }

  @Test
  void findsTheGptOfDisksWithLargeSectors() {
    byte[] header = gpt().part(512, 92);
    Blob disk = gpt().put(512, new byte[512]).put(4096, header).cutTo(2048 * 4096);

    accepted(undeclared(disk.bytes()), GPT, 2048 * 4096);
  }

  @Test
  void readsThePrimaryDescriptorOfAnIsoBehindABootRecord() {
    Blob iso = iso();
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
  void doesNotGuessTheSizeOfADiskThatIsBeingReencrypted() {
    String json =
        "{\"segments\":{\"0\":{\"offset\":\"65536\",\"size\":\"512\"},\"1\":{\"type\":\"x\"}}}";

    assertThat(undeclared(luks2(json).bytes()))
        .isInstanceOfSatisfying(
            Verdict.Accepted.class, accepted -> assertThat(accepted.virtualSize()).isEmpty());
  }

  @Test
  void refusesQedWhateverItHolds() {
    unsafe(undeclared(new Blob(MIB).text(0, "QED\0").bytes()), QED, "abandoned");
  }

  @Test
  void doesNotTakeAFileSystemForAPartitionTable() {
    Blob fat =
        withMbr(new Blob(MIB))
            .u8(0, 0xEB)
            .u8(2, 0x90)
            .u16le(11, 512)
            .u8(13, 4)
            .u8(16, 2)
            .u8(21, 0xF8);

    Verdicts.unknown(undeclared(fat.bytes()), "boot sector without a partition table");
  }

  @Test
  void doesNotTakeABootLoaderWithAJumpForAFileSystem() {
    accepted(undeclared(mbr().u8(0, 0xEB).u8(1, 0x63).u8(2, 0x90).bytes()), GPT, MIB);
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
        Arguments.of(VHDX, sealVhdx(vhdx().u32le(ITEMS + 4, 2)), "needs its parent"),
        Arguments.of(VHDX, parentLocator(), "needs its parent"),
        Arguments.of(VHDX, unknownItem(), "metadata that are not known"),
        Arguments.of(VHDX, sealVhdx(vhdx().u8((64 << 10) + 48, 1)), "not closed cleanly"),
        Arguments.of(VHDX, vhdx().u8((64 << 10) + 9, 1).u8((128 << 10) + 9, 1), "no valid header"),
        Arguments.of(VHDX, vhdx().u8((192 << 10) + 600, 1), "no valid region table"),
        Arguments.of(VHDX, sealVhdx(vhdx().u8((256 << 10) + 600, 1)), "region tables that differ"),
        Arguments.of(VHDX, twoMetadataRegions(), "two regions of the same kind"),
        Arguments.of(VHDX, regions(8, 4000), "too many"),
        Arguments.of(VHDX, regions(8, 1), "no metadata or no block"),
        Arguments.of(VHDX, regions(16, 1), "region that is not known"),
        Arguments.of(VHDX, regions(64, MIB / 2), "metadata at an impossible place"),
        Arguments.of(VHDX, regions(68, -1), "metadata at an impossible place"),
        Arguments.of(VHDX, vhdx().text(METADATA, "metadatX"), "no metadata table"),
        Arguments.of(VHDX, vhdx().u16le(METADATA + 10, 4000), "too many"),
        Arguments.of(VHDX, vhdx().u16le(METADATA + 10, 1), "how large"),
        Arguments.of(VHDX, vhdx().u32le(METADATA + 80, 8), "how large"),
        Arguments.of(VHDX, vhdx().u32le(METADATA + 80, MIB), "how large"),
        Arguments.of(VHDX, vhdx().u32le(METADATA + 84, 4), "how large"),
        Arguments.of(VHDX, vhdx().u32le(ITEMS, 3), "block size"),
        Arguments.of(VHDX, vhdx().u64le(ITEMS + 8, 8 * MIB + 1), "whole sectors"),
        Arguments.of(VHDX, vhdx().u32le(ITEMS + 16, 1024), "sectors of 1024 bytes"),
        Arguments.of(VHDX, vhdx().u32le(ITEMS + 16, 0), "sectors of 0 bytes"),
        Arguments.of(VHDX, vhdx().u32le(ITEMS + 20, 520), "on sectors of 520"),
        Arguments.of(VHDX, vhdx().u16le(METADATA + 10, 4), "its sectors are"),
        Arguments.of(VHDX, headers(64, 0x10001), "log of an unknown version"),
        Arguments.of(VHDX, headers(72, 3 * MIB), "log on top of its metadata"),
        Arguments.of(VHDX, headers(72, 4096), "log at an impossible place"),
        Arguments.of(VHDX, sameNumber(), "headers that differ"),
        Arguments.of(VHDX, regions(32, 3 * MIB), "on top of its metadata"),
        Arguments.of(VHDX, vhdx().u64le(ITEMS + 8, -1), "virtual size"),
        Arguments.of(ISO, iso().u32be(0x8000 + 84, 41), "two different sizes"),
        Arguments.of(ISO, iso().u16le(0x8000 + 128, 7).u16be(0x8000 + 130, 7), "volume size"),
        Arguments.of(ISO, iso().u8(0x8006, 2), "unknown version"),
        Arguments.of(ISO, iso().u8(0x8000, 2), "no primary volume descriptor"),
        Arguments.of(GPT, mbr().u32le(454, 0), "partition 1 has no possible place"),
        Arguments.of(GPT, mbr().u32le(458, 0), "partition 1 has no possible place"),
        Arguments.of(GPT, mbr().u8(466, 1).u32le(470, 64).u32le(474, 9), "overlap"),
        Arguments.of(GPT, mbr().u32le(454, -1), "partition 1 has no possible place"),
        Arguments.of(GPT, gpt().u8(466, 1), "partition 2 has no possible place"),
        Arguments.of(GPT, hybrid().u8(482, 1).u32le(486, 70).u32le(490, 9), "overlap"),
        Arguments.of(GPT, gpt().u8(466, 0xEE).u32le(470, 1), "two protective entries"),
        Arguments.of(GPT, gpt().u32le(454, 2), "does not cover"),
        Arguments.of(GPT, gpt().text(512, "EFI TRAP"), "no GPT header"),
        Arguments.of(GPT, gpt().u64le(544, 2046), "checksum"),
        Arguments.of(GPT, gpt().u32le(524, 1), "revision or length"),
        Arguments.of(GPT, sealGpt(gpt().u64le(536, 2)), "contradicts itself"),
        Arguments.of(GPT, sealGpt(gpt().u64le(544, -1)), "contradicts itself"),
        Arguments.of(GPT, sealGpt(gpt().u32le(596, 100)), "contradicts itself"),
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
  void refusesWhatNeedsOtherFilesOrContradictsItself(DiskFormat format, Blob image, String says) {
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
        Arguments.of(VHDX, vhdx().cutTo(200 << 10), "metadata"),
        Arguments.of(VHDX, vhdx().cutTo(METADATA + 100), "metadata"),
        Arguments.of(VHDX, vhdx().cutTo(ITEMS + 100), "metadata ends at byte 4194304"),
        Arguments.of(ISO, iso().cutTo(39 * 2048), "its volume ends at byte 81920"),
        Arguments.of(ISO, iso().cutTo(0x8100), "header"),
        Arguments.of(PLOOP, ploop().cutTo(60), "header"),
        Arguments.of(PLOOP, ploop().cutTo(72), "allocation table"),
        Arguments.of(PLOOP, ploop().cutTo(MIB), "a cluster begins at byte 1048576"),
        Arguments.of(GPT, mbr().cutTo(100 * 512), "partition table ends at byte 65024"),
        Arguments.of(GPT, gpt().cutTo(MIB - 512), "partition table"),
        Arguments.of(LUKS, luks1().cutTo(500), "header"),
        Arguments.of(LUKS, luks1().cutTo(4000), "key area"),
        Arguments.of(LUKS, luks2().cutTo(12 << 10), "metadata"),
        Arguments.of(LUKS, luks2().cutTo(20 << 10), "metadata"));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("cutOff")
  void refusesFilesThatEndTooEarly(DiskFormat format, Blob image, String says) {
    truncated(undeclared(image.bytes()), format, says);
  }

  private static String segment(String offset, String size) {
    return "{\"segments\":{\"0\":{\"offset\":\"%s\",\"size\":\"%s\"}}}".formatted(offset, size);
  }

  private static Blob footers(Blob footer) {
    byte[] sealed = sealedVhdFooter(footer.bytes());
    return dynamicVhd().put(0, sealed).put(2048, sealed);
  }

  private static Blob differencingVhd() {
    return footers(vhdFooter(8L * MIB, 4).u64be(16, 512));
  }

  private static Blob headers(int at, long value) {
    return sealVhdx(vhdx().u32le((64 << 10) + at, value).u32le((128 << 10) + at, value));
  }

  private static Blob sameNumber() {
    return sealVhdx(vhdx().u64le((64 << 10) + 8, 128 << 10).u8((64 << 10) + 20, 1));
  }

  private static Blob regions(int at, long value) {
    Blob vhdx = vhdx();
    return sealVhdx(vhdx.u32le((192 << 10) + at, value).u32le((256 << 10) + at, value));
  }

  private static Blob twoMetadataRegions() {
    String metadata = "8b7ca206-4790-4b9a-b8fe-575f050f886e";
    return sealVhdx(vhdx().guid((192 << 10) + 16, metadata).guid((256 << 10) + 16, metadata));
  }

  private static Blob parentLocator() {
    return item("a8d35f2d-b30b-454d-abf7-d3d84834ab0c", 4);
  }

  private static Blob unknownItem() {
    return item("00000000-0000-0000-0000-000000000001", 4);
  }

  private static Blob item(String guid, int flags) {
    return vhdx()
        .u16le(METADATA + 10, 6)
        .guid(METADATA + 192, guid)
        .u32le(METADATA + 192 + 24, flags);
  }
}
