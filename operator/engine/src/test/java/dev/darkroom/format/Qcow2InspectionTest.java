package dev.darkroom.format;

import static dev.darkroom.format.DiskFormat.QCOW2;
import static dev.darkroom.format.Verdicts.accepted;
import static dev.darkroom.format.Verdicts.truncated;
import static dev.darkroom.format.Verdicts.undeclared;
import static dev.darkroom.format.Verdicts.unsafe;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class Qcow2InspectionTest {
  private static final long GIB = 1L << 30;

  private static Qcow2Image v3() {
    return Qcow2Image.v3(10 * GIB);
  }

  @Test
  void acceptsBothVersionsWithTheirVirtualSize() {
    assertThat(accepted(undeclared(Qcow2Image.v2(GIB).bytes()), QCOW2, GIB).notes()).isEmpty();
    assertThat(accepted(undeclared(v3().bytes()), QCOW2, 10 * GIB).notes()).isEmpty();
  }

  @Test
  void acceptsDisksOfOneSectorAndOfVeryMany() {
    accepted(undeclared(Qcow2Image.v3(512).bytes()), QCOW2, 512);
    long largest = 1L << 40;
    accepted(undeclared(Qcow2Image.v3(largest).bytes()), QCOW2, largest);
  }

  @Test
  void notesEncryptionSnapshotsAndUncleanClose() {
    assertThat(accepted(undeclared(v3().encrypted().bytes()), QCOW2, 10 * GIB).notes())
        .containsExactly("encrypted (luks)");
    assertThat(accepted(undeclared(v3().snapshots(2).bytes()), QCOW2, 10 * GIB).notes())
        .containsExactly("2 internal snapshots");
    assertThat(accepted(undeclared(v3().incompatibleFeatures(1).bytes()), QCOW2, 10 * GIB).notes())
        .containsExactly("not closed cleanly");
  }

  @Test
  void acceptsTheExtensionsThatAreKnown() {
    accepted(undeclared(v3().extension(0x6803F857L, new byte[48]).bytes()), QCOW2, 10 * GIB);
    accepted(undeclared(v3().extension(0xE2792ACAL, new byte[5]).bytes()), QCOW2, 10 * GIB);
    accepted(undeclared(bitmaps(4L * Qcow2Image.CLUSTER_BYTES).bytes()), QCOW2, 10 * GIB);
  }

  private static Qcow2Image bitmaps(long directory) {
    byte[] bitmaps = new ByteBuilder(24).u32be(0, 1).u64be(8, 32).u64be(16, directory).bytes();
    return v3().u64(88, 1).extension(0x23852875L, bitmaps).length(5 * Qcow2Image.CLUSTER_BYTES);
  }

  @Test
  void namesTheBackingFileThatItRefuses() {
    unsafe(
        undeclared(v3().backingFile("/etc/passwd").bytes()),
        QCOW2,
        "qcow2 names a backing file (/etc/passwd): an image must not read other files;"
            + " flatten it with qemu-img convert");
    unsafe(
        undeclared(Qcow2Image.v2(GIB).backingFile("json:{\"driver\":\"nbd\"}").bytes()),
        QCOW2,
        "(json:{\"driver\":\"nbd\"})");
  }

  @Test
  void refusesBackingFilesWhoseNameCannotBeRead() {
    unsafe(undeclared(v3().u64(8, -1).bytes()), QCOW2, "backing file (?)");
    unsafe(undeclared(v3().u64(8, 1L << 40).u32(16, 9).bytes()), QCOW2, "backing file (?)");
    unsafe(undeclared(v3().u32(16, 9).bytes()), QCOW2, "names a backing file");
  }

  @Test
  void refusesExternalDataFilesByTheirFeatureAndByTheirName() {
    unsafe(undeclared(v3().dataFile("/dev/sda").bytes()), QCOW2, "external data file");
    unsafe(
        undeclared(v3().extension(0x44415441, DiskImages.ascii("/dev/sda")).bytes()),
        QCOW2,
        "names an external data file (/dev/sda)");
  }

  @Test
  void acceptsWhatItsTablesSayOfClusters() {
    long inside = 5L * Qcow2Image.CLUSTER_BYTES;
    long compressed = 1L << 62 | inside + 77;
    long zeros = 1;
    for (long entry : new long[] {0, inside, zeros, inside | zeros, compressed}) {
      accepted(undeclared(withData().u64(L2, entry).bytes()), QCOW2, 10 * GIB);
    }
    accepted(undeclared(subclusters(inside, 0x0000_0001_FFFF_FFFEL).bytes()), QCOW2, 10 * GIB);
    accepted(undeclared(subclusters(compressed, 0).bytes()), QCOW2, 10 * GIB);
  }

  /** As after an L1 table grew: there was no more room for it in its old place. */
  @Test
  void acceptsTablesThatStandBeforeTheOneThatNamesThem() {
    int atEnd = 6 * Qcow2Image.CLUSTER_BYTES;
    Qcow2Image image =
        withData().length(atEnd + 160).u64(40, atEnd).u64(atEnd, Qcow2Image.L2_TABLE_AT);

    accepted(undeclared(image.bytes()), QCOW2, 10 * GIB);
  }

  private static final int L1 = 3 * Qcow2Image.CLUSTER_BYTES;
  private static final int L2 = Qcow2Image.L2_TABLE_AT;
  private static final int REFCOUNTS = Qcow2Image.CLUSTER_BYTES;

  private static Qcow2Image withData() {
    return v3().withData();
  }

  private static Qcow2Image subclusters(long entry, long bits) {
    return withData().incompatibleFeatures(1 << 4).u32(36, 40).u64(L2, entry).u64(L2 + 8, bits);
  }

  static Stream<Arguments> badTables() {
    long cluster = Qcow2Image.CLUSTER_BYTES;
    return Stream.of(
        Arguments.of("L1 bit 0", withData().u64(L1, L2 | 1), "L1 table whose entry 0 has bits"),
        Arguments.of("L1 bit 62", withData().u64(L1 + 8, 1L << 62), "L1 table whose entry 1 has"),
        Arguments.of("L1 askew", withData().u64(L1, L2 + 512), "does not point at a cluster"),
        Arguments.of("L1 to itself", withData().u64(L1, L1), "points at its L1 table"),
        Arguments.of("L1 to refcounts", withData().u64(L1, cluster), "points at its refcount"),
        Arguments.of("refcount bits", withData().u64(REFCOUNTS, 2 * cluster | 8), "refcount table"),
        Arguments.of("refcounts askew", withData().u64(REFCOUNTS + 8, 512), "point at a cluster"),
        Arguments.of("refcounts nowhere", withData().u64(REFCOUNTS, -1L << 16), "points nowhere"),
        Arguments.of("refcounts to L1", withData().u64(REFCOUNTS, L1), "points at its L1 table"),
        Arguments.of("L2 bit 1", withData().u64(L2, 5 * cluster | 2), "L2 table whose entry 0 has"),
        Arguments.of("L2 bit 61", withData().u64(L2 + 16, 1L << 61), "L2 table whose entry 2 has"),
        Arguments.of("L2 askew", withData().u64(L2, 5 * cluster + 512), "point at a cluster"),
        Arguments.of("L2 to the L1", withData().u64(L2, L1), "points at its L1 table"),
        Arguments.of("last entry", withData().u64((int) (L2 + cluster - 8), 2), "entry 8191"),
        Arguments.of("compressed header", withData().u64(L2, 1L << 62 | 4096), "at its header"),
        Arguments.of(
            "zeros in version 2",
            Qcow2Image.v2(10 * GIB).withData().u64(L2, 1),
            "entry 0 has bits"),
        Arguments.of("zeros with subclusters", subclusters(5 * cluster | 1, 1), "entry 0 has bits"),
        Arguments.of("both", subclusters(5 * cluster, 1L << 32 | 1), "contradicts itself"),
        Arguments.of("allocated nowhere", subclusters(0, 1), "contradicts itself"),
        Arguments.of(
            "compressed part", subclusters(1L << 62 | 5 * cluster, 1), "entry 0 has bits"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badTables")
  void refusesTablesThatMeanNothing(String what, Qcow2Image image, String says) {
    assertThat(what).isNotEmpty();
    unsafe(undeclared(image.bytes()), QCOW2, says);
  }

  /** An offset that a file of this disk can have was cut off; any other one is made up. */
  @Test
  void tellsForgedOffsetsFromTruncatedFiles() {
    long disk = 10 * GIB;
    truncated(undeclared(withData().u64(L2 + 8, disk).bytes()), QCOW2, "cluster of data begins");
    unsafe(undeclared(withData().u64(L2 + 8, 4 * disk).bytes()), QCOW2, "cluster of data at byte");
    unsafe(undeclared(withData().u64(L1 + 8, 4 * disk).bytes()), QCOW2, "last L2 table at byte");
    truncated(
        undeclared(
            withData()
                .u32(60, 1)
                .u64(64, 5L * Qcow2Image.CLUSTER_BYTES)
                .u64(L2, 0)
                .u64(L2 + 8, 4 * disk)
                .bytes()),
        QCOW2,
        "cluster of data begins");
  }

  @Test
  void refusesTablesThatPointPastTheEndOfTheFile() {
    long past = 6L * Qcow2Image.CLUSTER_BYTES;
    int end = (int) past;
    accepted(undeclared(withData().bytes()), QCOW2, 10 * GIB);
    truncated(
        undeclared(withData().length(end - Qcow2Image.CLUSTER_BYTES).bytes()),
        QCOW2,
        "a cluster of data begins at byte 327680, the file ends at byte 327680");
    truncated(undeclared(withData().length(L2 + 4096).bytes()), QCOW2, "its last L2 table ends at");
    truncated(undeclared(withData().u64(L1 + 8, past).bytes()), QCOW2, "last L2 table ends at");
    truncated(
        undeclared(withData().u64(REFCOUNTS + 8, past).bytes()), QCOW2, "a refcount block begins");
    truncated(
        undeclared(withData().u64(L2 + 8, 1L << 62 | past + 1).bytes()), QCOW2, "cluster of data");
    truncated(undeclared(subclusters(past, 1).bytes()), QCOW2, "cluster of data");
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("version 1", v3().u32(4, 1), "version 1"),
        Arguments.of("version 4", v3().u32(4, 4), "version 4"),
        Arguments.of("unknown feature", v3().incompatibleFeatures(1 << 5), "bits 0x20"),
        Arguments.of("top feature", v3().incompatibleFeatures(1L << 63), "features"),
        Arguments.of("marked corrupt", v3().incompatibleFeatures(2), "corrupt"),
        Arguments.of("compression bit alone", v3().incompatibleFeatures(8), "compression"),
        Arguments.of("compression type alone", v3().u32(104, 1 << 24), "compression"),
        Arguments.of(
            "unknown compression", v3().incompatibleFeatures(8).u32(104, 2 << 24), "type (2)"),
        Arguments.of("small clusters", v3().u32(20, 8), "2^8"),
        Arguments.of("huge clusters", v3().u32(20, 22), "2^22"),
        Arguments.of("negative cluster bits", v3().u32(20, -1), "clusters"),
        Arguments.of("refcounts too wide", v3().u32(96, 7), "reference counts"),
        Arguments.of("header too short", v3().u32(100, 96), "(96 bytes)"),
        Arguments.of("header askew", v3().u32(100, 113), "(113 bytes)"),
        Arguments.of("header too long", v3().u32(100, 1 << 17), "length"),
        Arguments.of(
            "extension too long",
            v3().extension(0x6803F857L, new byte[0]).u32(116, -1),
            "does not fit"),
        Arguments.of(
            "extension unknown",
            v3().extension(0x12345678, new byte[13]),
            "unknown type (0x12345678)"),
        Arguments.of("bitmaps on the L1", bitmaps(3L * 65536), "on top of its bitmap directory"),
        Arguments.of("bitmaps nowhere", bitmaps(1), "bitmap directory at an impossible place"),
        Arguments.of(
            "bitmaps cut", v3().extension(0x23852875L, new byte[8]), "extension for bitmaps"),
        Arguments.of("header fields", v3().u32(108, 1), "header fields that are not known"),
        Arguments.of("raw external data", v3().u64(88, 2), "external file, and that it has none"),
        Arguments.of("legacy AES", v3().u32(32, 1), "legacy AES"),
        Arguments.of("legacy AES in version 2", Qcow2Image.v2(GIB).u32(32, 1), "legacy AES"),
        Arguments.of(
            "extensions without end",
            v3().u32(20, 17).extension(0x6803F857L, new byte[65416]),
            "more than 64 KiB"),
        Arguments.of("size beyond all", v3().u64(24, -1), "virtual size"),
        Arguments.of("L1 too small", v3().u32(36, 1), "L1 table too small"),
        Arguments.of("L1 too large", v3().u32(36, 1 << 23), "more than 32 MiB"),
        Arguments.of("L1 in the header", v3().u64(40, 0), "L1 table at an impossible place"),
        Arguments.of("L1 askew", v3().u64(40, 70_000), "L1 table at an impossible place"),
        Arguments.of("L1 negative", v3().u64(40, -65536), "L1 table at an impossible place"),
        Arguments.of("L1 on the refcounts", v3().u64(40, 65536), "on top of"),
        Arguments.of("no refcounts", v3().u32(56, 0), "no refcount table"),
        Arguments.of("too many refcounts", v3().u32(56, -1), "more than 8 MiB"),
        Arguments.of("refcounts askew", v3().u64(48, 1), "refcount table at an impossible"),
        Arguments.of("too many snapshots", v3().snapshots(65537), "snapshots"),
        Arguments.of("snapshots nowhere", v3().u32(60, 1), "snapshot table at an impossible"),
        Arguments.of("unknown encryption", v3().u32(32, 3), "encryption method (3)"),
        Arguments.of("encryption unsaid", v3().encrypted().u32(32, 0), "not encrypted with it"),
        Arguments.of("encryption unheaded", v3().u32(32, 2), "no encryption header"),
        Arguments.of(
            "encryption header cut", v3().extension(0x0537BE77, new byte[8]).u32(32, 2), "broken"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void refusesHeadersThatContradictThemselves(String what, Qcow2Image image, String says) {
    Verdict verdict = undeclared(image.bytes());

    assertThat(verdict).as(what).isInstanceOf(Verdict.Unsafe.class);
    assertThat(((Verdict.Unsafe) verdict).message()).contains(says);
  }

  @Test
  void refusesFilesThatEndTooEarly() {
    truncated(undeclared(v3().length(71).bytes()), QCOW2, "in the middle of its header");
    truncated(undeclared(v3().length(103).bytes()), QCOW2, "in the middle of its header");
    truncated(
        undeclared(v3().length(3 * Qcow2Image.CLUSTER_BYTES).bytes()),
        QCOW2,
        "its L1 table ends at byte 196768, the file at byte 196608");
    truncated(undeclared(v3().length(Qcow2Image.CLUSTER_BYTES).bytes()), QCOW2, "cut off");
    truncated(
        undeclared(v3().snapshots(1).length(4 * Qcow2Image.CLUSTER_BYTES).bytes()),
        QCOW2,
        "snapshot table");
  }
}
