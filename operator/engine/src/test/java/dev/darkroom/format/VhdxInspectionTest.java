package dev.darkroom.format;

import static dev.darkroom.format.DiskFormat.GPT;
import static dev.darkroom.format.DiskFormat.VHDX;
import static dev.darkroom.format.DiskImages.MIB;
import static dev.darkroom.format.Verdicts.truncated;
import static dev.darkroom.format.Verdicts.undeclared;
import static dev.darkroom.format.VhdxImages.sealVhdx;
import static dev.darkroom.format.VhdxImages.vhdx;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a VHDX must and must not say. */
class VhdxInspectionTest {
  private static final int METADATA = 3 * MIB;
  private static final int ITEMS = METADATA + (64 << 10);

  static Stream<Arguments> malformed() {
    return Stream.of(
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
        Arguments.of(VHDX, vhdx().u64le(ITEMS + 8, -1), "virtual size"));
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
        Arguments.of(VHDX, vhdx().cutTo(200 << 10), "metadata"),
        Arguments.of(VHDX, vhdx().cutTo(METADATA + 100), "metadata"),
        Arguments.of(VHDX, vhdx().cutTo(ITEMS + 100), "metadata ends at byte 4194304"));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("cutOff")
  void refusesFilesThatEndTooEarly(DiskFormat format, ByteBuilder image, String says) {
    truncated(undeclared(image.bytes()), format, says);
  }

  private static ByteBuilder headers(int at, long value) {
    return sealVhdx(vhdx().u32le((64 << 10) + at, value).u32le((128 << 10) + at, value));
  }

  private static ByteBuilder sameNumber() {
    return sealVhdx(vhdx().u64le((64 << 10) + 8, 128 << 10).u8((64 << 10) + 20, 1));
  }

  private static ByteBuilder regions(int at, long value) {
    ByteBuilder vhdx = vhdx();
    return sealVhdx(vhdx.u32le((192 << 10) + at, value).u32le((256 << 10) + at, value));
  }

  private static ByteBuilder twoMetadataRegions() {
    String metadata = "8b7ca206-4790-4b9a-b8fe-575f050f886e";
    return sealVhdx(vhdx().guid((192 << 10) + 16, metadata).guid((256 << 10) + 16, metadata));
  }

  private static ByteBuilder parentLocator() {
    return item("a8d35f2d-b30b-454d-abf7-d3d84834ab0c", 4);
  }

  private static ByteBuilder unknownItem() {
    return item("00000000-0000-0000-0000-000000000001", 4);
  }

  private static ByteBuilder item(String guid, int flags) {
    return vhdx()
        .u16le(METADATA + 10, 6)
        .guid(METADATA + 192, guid)
        .u32le(METADATA + 192 + 24, flags);
  }
}
