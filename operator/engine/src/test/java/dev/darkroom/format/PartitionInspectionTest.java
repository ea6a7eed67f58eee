package dev.darkroom.format;

import static dev.darkroom.format.DiskFormat.GPT;
import static dev.darkroom.format.DiskFormat.ISO;
import static dev.darkroom.format.DiskFormat.RAW;
import static dev.darkroom.format.DiskImages.MIB;
import static dev.darkroom.format.DiskImages.gpt;
import static dev.darkroom.format.DiskImages.iso;
import static dev.darkroom.format.DiskImages.mbr;
import static dev.darkroom.format.DiskImages.sealGpt;
import static dev.darkroom.format.DiskImages.withMbr;
import static dev.darkroom.format.Verdicts.accepted;
import static dev.darkroom.format.Verdicts.truncated;
import static dev.darkroom.format.Verdicts.undeclared;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Disks with a GPT, an MBR, or both. */
class PartitionInspectionTest {
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
    for (ByteBuilder gpt :
        List.of(
            gpt().put(447, new byte[3]), gpt().text(447, "\u00FE\u00FF\u00FF"), gpt().u8(448, 1))) {
      assertThat(accepted(undeclared(gpt.bytes()), GPT, MIB).notes())
          .containsExactly("GPT partition table", note);
    }
    assertThat(accepted(undeclared(hybrid().bytes()), GPT, MIB).notes())
        .containsExactly("GPT partition table", "hybrid MBR");
    assertThat(accepted(Verdicts.declared(RAW, hybrid().bytes()), RAW, MIB).notes())
        .containsExactly("GPT partition table", "hybrid MBR");
    ByteBuilder second = hybrid();
    byte[] entries = second.part(446, 32);
    second.put(446, Arrays.copyOfRange(entries, 16, 32)).put(462, Arrays.copyOf(entries, 16));
    accepted(undeclared(second.bytes()), GPT, MIB);
  }

  /** As a Raspberry Pi needs it: a FAT partition beside the protective entry. */
  private static ByteBuilder hybrid() {
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
    ByteBuilder disk = gpt().put(512, new byte[512]).put(4096, header).cutTo(2048 * 4096);

    accepted(undeclared(disk.bytes()), GPT, 2048 * 4096);
  }

  @Test
  void doesNotTakeAFileSystemForAPartitionTable() {
    ByteBuilder fat =
        withMbr(new ByteBuilder(MIB))
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
        Arguments.of(GPT, sealGpt(gpt().u32le(596, 100)), "contradicts itself"));
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
        Arguments.of(GPT, mbr().cutTo(100 * 512), "partition table ends at byte 65024"),
        Arguments.of(GPT, gpt().cutTo(MIB - 512), "partition table"));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("cutOff")
  void refusesFilesThatEndTooEarly(DiskFormat format, ByteBuilder image, String says) {
    truncated(undeclared(image.bytes()), format, says);
  }
}
