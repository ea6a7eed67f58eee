package dev.darkroom.format;

import static dev.darkroom.format.DiskFormat.VMDK;
import static dev.darkroom.format.DiskImages.MIB;
import static dev.darkroom.format.DiskImages.PLAIN_DESCRIPTOR;
import static dev.darkroom.format.DiskImages.streamOptimizedVmdk;
import static dev.darkroom.format.DiskImages.vmdk;
import static dev.darkroom.format.DiskImages.vmdkOfLongDescriptor;
import static dev.darkroom.format.Verdicts.accepted;
import static dev.darkroom.format.Verdicts.truncated;
import static dev.darkroom.format.Verdicts.undeclared;
import static dev.darkroom.format.Verdicts.unsafe;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VmdkInspectionTest {
  @Test
  void acceptsTheTwoSubformatsOfOneFile() {
    assertThat(accepted(undeclared(vmdk().bytes()), VMDK, MIB).notes())
        .containsExactly("monolithicSparse");
    assertThat(accepted(undeclared(streamOptimizedVmdk().bytes()), VMDK, MIB).notes())
        .containsExactly("streamOptimized");
  }

  @Test
  void acceptsGrainsInItsFileAndThoseOfZeros() {
    ByteBuilder vmdk =
        vmdkWithTable().u32le(8, 7).u32le(27 * 512, 1).u32le(27 * 512 + 4, 128).cutTo(128 << 10);

    accepted(undeclared(vmdk.bytes()), VMDK, MIB);
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("no capacity", vmdk().u64le(12, 0), "capacity"),
        Arguments.of("capacity beyond all", vmdk().u64le(12, -1), "capacity"),
        Arguments.of("version 4", vmdk().u32le(4, 4), "version 4"),
        Arguments.of("text mode transfer", vmdk().u8(75, '\n'), "ends of lines"),
        Arguments.of("no grain", vmdk().u64le(20, 0), "grain size"),
        Arguments.of("odd grain", vmdk().u64le(20, 129), "grain size"),
        Arguments.of("huge grain", vmdk().u64le(20, 1L << 40), "grain size"),
        Arguments.of("no tables", vmdk().u32le(44, 0), "grain tables"),
        Arguments.of("huge tables", vmdk().u32le(44, -1), "grain tables"),
        Arguments.of("no directory", vmdk().u64le(56, 0), "no grain directory"),
        Arguments.of("no descriptor", vmdk().u64le(28, 0), "right behind its header"),
        Arguments.of("descriptor elsewhere", vmdk().u64le(28, 2), "right behind its header"),
        Arguments.of("descriptor empty", vmdk().u64le(36, 0), "right behind its header"),
        Arguments.of("descriptor of 1 MiB", vmdk().u64le(36, 2048), "larger than 1 MiB"),
        Arguments.of("descriptor beyond all", vmdk().u64le(36, -1), "larger than 1 MiB"),
        Arguments.of("directory in text", vmdk().u64le(56, 20), "directory on top of its descr"),
        Arguments.of("second there", vmdk().u64le(48, 2), "directory on top of its descr"),
        Arguments.of("table in text", vmdk().u32le(26 * 512, 20), "table on top of its descr"),
        Arguments.of("grain in text", vmdkWithTable().u32le(27 * 512, 2), "grain on top of its"),
        Arguments.of("grain in table", vmdkWithTable().u32le(27 * 512, 27), "grain on top of its"),
        Arguments.of("directory far", vmdk().u64le(56, 128), "directory outside of its metadata"),
        Arguments.of("table far", vmdk().u32le(26 * 512, 125), "table outside of its metadata"),
        Arguments.of("second far", vmdk().u32le(21 * 512, 128), "table outside of its metadata"),
        Arguments.of("plain with footer", vmdk().u64le(56, -1), "but is not compressed"),
        Arguments.of("two texts", vmdk().text(512 + 9000, "RW"), "behind the end"),
        Arguments.of("no text", vmdk("\u0001"), "not plain text"),
        Arguments.of("not ASCII", vmdk(PLAIN_DESCRIPTOR + "#\u00E9"), "not plain text"),
        Arguments.of("empty", vmdk(""), "0 extents"),
        Arguments.of("endless", vmdkOfLongDescriptor("\n".repeat(99000)), "more than 10239 bytes"),
        Arguments.of("no type", vmdk(PLAIN_DESCRIPTOR.replace("createType", "#")), "comment"),
        Arguments.of("unknown flag", vmdk().u32le(8, 11), "unknown flags (0xb)"),
        Arguments.of("unsaid compression", vmdk().u16le(77, 1), "says in one field"),
        Arguments.of("unknown compression", streamOptimizedVmdk().u16le(77, 2), "says in one"),
        Arguments.of("unsaid markers", vmdk().u32le(8, 0x20003), "says in one field"),
        Arguments.of(
            "forged grain", vmdkWithTable().u32le(27 * 512, 1 << 30), "a grain at byte 5497"),
        Arguments.of("forged directory", vmdk().u64le(48, -1), "second grain directory at byte"),
        Arguments.of("header pad", vmdk().u8(300, 1), "behind its header"),
        Arguments.of("grain 1", vmdkWithTable().u32le(27 * 512, 1), "grain on top of its"),
        Arguments.of("table first", vmdk().u32le(26 * 512, 22), "stand before their directory"),
        Arguments.of(
            "tables overlap",
            vmdk()
                .u64le(12, 2 * 65536)
                .text(512, LARGER)
                .u32le(26 * 512, 28)
                .u32le(26 * 512 + 4, 30),
            "overlap"),
        Arguments.of("footer algorithm", footer(77, 0), "contradicts"),
        Arguments.of("file of odd length", oddFooter(), "in a sector of its own"),
        Arguments.of(
            "flat",
            vmdk(PLAIN_DESCRIPTOR.replace("Sparse\"", "Flat\"")),
            "of the kind monolithicFlat"),
        Arguments.of(
            "wrongly compressed",
            vmdk().u32le(8, 0x30003).u16le(77, 1),
            "another in its descriptor"),
        Arguments.of(
            "wrongly plain",
            vmdk(PLAIN_DESCRIPTOR.replace("monolithicSparse", "streamOptimized")),
            "another in its descriptor"),
        Arguments.of("footer disagrees", footer(12, 4096), "contradicts"),
        Arguments.of("footer points on", footer(56, -1), "no grain directory"),
        Arguments.of("footer points nowhere", footer(56, 0), "no grain directory"),
        Arguments.of("ESX", vmdk().text(0, "COWD"), "ESX sparse extent"));
  }

  private static final String LARGER = PLAIN_DESCRIPTOR.replace("2048", "131072");

  private static ByteBuilder oddFooter() {
    byte[] stream = streamOptimizedVmdk().bytes();
    int middle = stream.length / 2;
    return ByteBuilder.of(Arrays.copyOf(stream, middle))
        .put(middle + 100, Arrays.copyOfRange(stream, middle, stream.length));
  }

  /** Its grain table is in sector 27. */
  private static ByteBuilder vmdkWithTable() {
    return vmdk().u32le(26 * 512, 27);
  }

  /** Where the footer says where the directory is. */
  private static int footer(ByteBuilder vmdk) {
    return vmdk.length() - 1024 + 56;
  }

  private static ByteBuilder footer(int at, long value) {
    ByteBuilder vmdk = streamOptimizedVmdk();
    return vmdk.u64le(vmdk.length() - 1024 + at, value);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void refusesHeadersThatContradictThemselves(String what, ByteBuilder image, String says) {
    assertThat(what).isNotEmpty();
    unsafe(undeclared(image.bytes()), VMDK, says);
  }

  @Test
  void refusesFilesThatEndTooEarly() {
    ByteBuilder stream = streamOptimizedVmdk();
    truncated(undeclared(vmdk().cutTo(80).bytes()), VMDK, "its header");
    truncated(undeclared(vmdk().cutTo(1024).bytes()), VMDK, "before the end of its metadata");
    truncated(undeclared(vmdk().cutTo(60 << 10).bytes()), VMDK, "metadata ends at byte 65536");
    truncated(undeclared(stream.u64le(footer(stream), 1 << 20).bytes()), VMDK, "directory ends");
    stream.u64le(footer(stream), 129);
    truncated(
        undeclared(vmdkWithTable().u32le(27 * 512 + 4, 1 << 20).bytes()), VMDK, "a grain begins");
    truncated(
        undeclared(stream.cutTo(stream.length() - 512).bytes()), VMDK, "footer that it announces");
  }
}
