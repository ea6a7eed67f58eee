package dev.darkroom.format;

import static dev.darkroom.format.DiskFormat.VDI;
import static dev.darkroom.format.DiskFormat.VHD;
import static dev.darkroom.format.DiskFormat.VHDX;
import static dev.darkroom.format.DiskImages.MIB;
import static dev.darkroom.format.Verdicts.accepted;
import static dev.darkroom.format.Verdicts.truncated;
import static dev.darkroom.format.Verdicts.undeclared;
import static dev.darkroom.format.Verdicts.unsafe;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of VDI, VHD and VHDX that say where in the file a disk's blocks are. */
class BlockTableInspectionTest {
  private static final int VDI_TABLE = 512;
  private static final int VHD_TABLE = 1536;
  private static final int VHDX_TABLE = 2 * MIB;

  @Test
  void acceptsBlocksInsideTheFile() {
    accepted(undeclared(vdi(1).bytes()), VDI, 8 * MIB);
    accepted(undeclared(vdi(0xFFFFFFFEL).bytes()), VDI, 8 * MIB);
    accepted(undeclared(vhd(4).bytes()), VHD, 8 * MIB);
    for (long state : new long[] {0, 1, 2, 3, 6}) {
      accepted(undeclared(vhdx(4L * MIB | state).bytes()), VHDX, 8 * MIB);
    }
    accepted(undeclared(vhdx(77L * MIB | 2).bytes()), VHDX, 8 * MIB);
  }

  static Stream<Arguments> bad() {
    return Stream.of(
        Arguments.of(VDI, vdi(2), "entry 1 points past its blocks"),
        Arguments.of(VDI, vdi(0xFFFFFFFDL), "entry 1 points past its blocks"),
        Arguments.of(VHD, vhd(0), "block 1 on top of its headers"),
        Arguments.of(VHD, vhd(1), "block 1 on top of its headers"),
        Arguments.of(VHD, vhd(3), "block 1 on top of its headers"),
        Arguments.of(VHDX, vhdx(4L * MIB | 7), "its block 1 in an unknown state"),
        Arguments.of(VHDX, vhdx(4L * MIB | 5), "its block 1 in an unknown state"),
        Arguments.of(VHDX, vhdx(4L * MIB | 8 | 6), "block 1 at an impossible place"),
        Arguments.of(VHDX, vhdx(6), "block 1 at an impossible place"),
        Arguments.of(VHDX, vhdx(2L * MIB | 6), "block 1 on top of its block allocation"),
        Arguments.of(VHDX, vhdx(3L * MIB | 6), "block 1 on top of its metadata"),
        Arguments.of(VHDX, vhdx(1L * MIB | 6), "block 1 on top of its log"));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("bad")
  void refusesBlocksWhereNoneCanBe(DiskFormat format, ByteBuilder image, String says) {
    unsafe(undeclared(image.bytes()), format, says);
  }

  @Test
  void refusesBlocksPastTheEndOfTheFile() {
    truncated(undeclared(vhd(8192).bytes()), VHD, "a block begins at byte 4194304, the file ends");
    truncated(undeclared(vhdx(12L * MIB | 6).bytes()), VHDX, "a block begins at byte 12582912");
  }

  @Test
  void refusesATableThatIsTooSmallForTheDisk() {
    ByteBuilder vhdx = VhdxImages.vhdx().u64le(3 * MIB + (64 << 10) + 8, 64L << 40);

    unsafe(undeclared(vhdx.bytes()), VHDX, "fewer blocks than its virtual size needs");
  }

  /** Two blocks are stored, the second as said. */
  private static ByteBuilder vdi(long secondEntry) {
    return DiskImages.vdi()
        .u32le(0x184, 2)
        .u32le(VDI_TABLE, 0)
        .u32le(VDI_TABLE + 4, secondEntry)
        .cutTo(1024 + 2 * MIB);
  }

  /** Room for one block between its headers and its footer. */
  private static ByteBuilder vhd(long secondEntry) {
    byte[] footer = DiskImages.dynamicVhd().part(2048, 512);
    return DiskImages.dynamicVhd()
        .u32be(VHD_TABLE + 4, secondEntry)
        .put(2048, new byte[512])
        .put(2048 + 512 + 2 * MIB, footer);
  }

  /** Room for one block behind its metadata. */
  private static ByteBuilder vhdx(long secondEntry) {
    return VhdxImages.vhdx().u64le(VHDX_TABLE + 8, secondEntry).cutTo(12 * MIB);
  }
}
