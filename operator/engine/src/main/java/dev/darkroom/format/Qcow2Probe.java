package dev.darkroom.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * QEMU copy-on-write, version 2 and 3.
 *
 * <p>Source: QEMU {@code docs/interop/qcow2.rst}, sections "Header", "Header extensions", "String
 * identifier" and "Snapshots"; the limits on table sizes are the limits above which QEMU does not
 * open an image ({@code block/qcow2.h}).
 */
final class Qcow2Probe implements FormatProbe {
  private static final int V2_HEADER_BYTES = 72;
  private static final int V3_HEADER_BYTES = 104;
  private static final int COMPRESSION_TYPE_AT = 104;

  private static final long DIRTY = 1;
  private static final long CORRUPT = 1 << 1;
  private static final long EXTERNAL_DATA_FILE = 1 << 2;
  private static final long COMPRESSION_TYPE = 1 << 3;
  private static final long EXTENDED_L2 = 1 << 4;
  private static final long KNOWN_FEATURES =
      DIRTY | CORRUPT | EXTERNAL_DATA_FILE | COMPRESSION_TYPE | EXTENDED_L2;

  private static final long RAW_EXTERNAL_DATA = 1 << 1;

  private static final long BITMAPS_IN_USE = 1;
  private static final int BITMAPS_BYTES = 24;

  private static final long BACKING_FORMAT = 0xE2792ACAL;
  private static final long FEATURE_NAMES = 0x6803F857L;
  private static final long BITMAPS = 0x23852875L;
  private static final long DATA_FILE_NAME = 0x44415441L;
  private static final long FULL_DISK_ENCRYPTION = 0x0537BE77L;
  private static final Set<Long> KNOWN_EXTENSIONS =
      Set.of(BACKING_FORMAT, FEATURE_NAMES, BITMAPS, DATA_FILE_NAME, FULL_DISK_ENCRYPTION);

  private static final int LEGACY_AES = 1;

  private static final int MAX_L1_BYTES = 32 << 20;
  private static final int MAX_REFCOUNT_TABLE_BYTES = 8 << 20;
  private static final int MAX_SNAPSHOTS = 65536;
  private static final int MIN_SNAPSHOT_BYTES = 40;

  /**
   * A range of the file with one purpose: the offset of its first byte, and of the byte after it.
   */
  record Part(String name, long start, long end) {}

  private final List<Part> parts = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private OptionalLong virtualSize = OptionalLong.empty();
  private Optional<Qcow2Tables> tables = Optional.empty();
  private boolean extendedL2;
  private int clusterBits;
  private long snapshots;

  @Override
  public DiskFormat format() {
    return DiskFormat.QCOW2;
  }

  @Override
  public boolean recognises(Bytes head) {
    return head.at(0, "QFI\u00FB");
  }

  @Override
  public Optional<Window> begin(Bytes head) throws Refusal {
    requireHeader(head, V2_HEADER_BYTES);
    long version = head.u32be(4);
    require(
        version == 2 || version == 3,
        "has version " + version + ", only 2 and 3 are known: convert it with qemu-img convert");
    refuseBackingFile(head);
    clusterBits = clusterBits(head);
    int headerBytes = version == 2 ? V2_HEADER_BYTES : v3Header(head);
    checkExtensions(head, headerBytes);
    checkTables(head);
    checkSnapshots(head);
    tables = Optional.of(new Qcow2Tables(this, head, clusterBits, l2Layout(version), parts));
    return Optional.empty();
  }

  private Qcow2Tables.L2Layout l2Layout(long version) {
    if (extendedL2) {
      return Qcow2Tables.L2Layout.EXTENDED;
    }
    return version == 2 ? Qcow2Tables.L2Layout.V2 : Qcow2Tables.L2Layout.V3;
  }

  @Override
  public Optional<TableWalk> tables() {
    return tables.map(Qcow2Tables::walk);
  }

  @Override
  public void end(Ending ending) throws Refusal {
    for (Part part : parts) {
      requireReaches(ending, part.end(), part.name());
    }
    if (tables.isPresent()) {
      tables.get().end(ending);
    }
  }

  @Override
  public OptionalLong virtualSize() {
    return virtualSize;
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  /** No limit with snapshots: each snapshot can contain a whole disk of its own. */
  @Override
  public long farthest() {
    return snapshots > 0 ? Long.MAX_VALUE : FormatProbe.super.farthest();
  }

  private void refuseBackingFile(Bytes head) throws Refusal {
    long offset = head.u64be(8);
    long length = head.u32be(16);
    String name = head.has(offset, length) ? head.text((int) offset, (int) length) : "?";
    require(
        offset == 0 && length == 0,
        "names a backing file (%s): an image must not read other files;".formatted(Quote.of(name))
            + " flatten it with qemu-img convert");
  }

  private int clusterBits(Bytes head) throws Refusal {
    long bits = head.u32be(20);
    require(bits >= 9 && bits <= 21, "has clusters of 2^" + bits + " bytes, not 2^9 to 2^21");
    return (int) bits;
  }

  /** Returns the header's length. */
  private int v3Header(Bytes head) throws Refusal {
    requireHeader(head, V3_HEADER_BYTES);
    long features = head.u64be(72);
    require(
        (features & ~KNOWN_FEATURES) == 0,
        "needs features that are not known (incompatible bits 0x%x)".formatted(features));
    require(
        (features & EXTERNAL_DATA_FILE) == 0,
        "keeps its data in an external data file: an image must not read other files;"
            + " make it whole with qemu-img convert");
    require(
        (head.u64be(88) & RAW_EXTERNAL_DATA) == 0,
        "says that its data are in an external file, and that it has none");
    require((features & CORRUPT) == 0, "is marked corrupt: repair it with qemu-img check -r all");
    if ((features & DIRTY) != 0) {
      notes.add("not closed cleanly");
    }
    extendedL2 = (features & EXTENDED_L2) != 0;
    require(!extendedL2 || clusterBits >= 14, "has subclusters in clusters that are too small");
    require(head.u32be(96) <= 6, "has reference counts of more than 64 bits");
    long length = head.u32be(100);
    require(
        length >= V3_HEADER_BYTES && length % 8 == 0 && length <= 1L << clusterBits,
        "has a header of an impossible length (" + length + " bytes)");
    checkCompressionType(head, (features & COMPRESSION_TYPE) != 0, length);
    return (int) length;
  }

  private void checkCompressionType(Bytes head, boolean declared, long headerLength)
      throws Refusal {
    int type = 0;
    if (headerLength > COMPRESSION_TYPE_AT) {
      requireHeader(head, COMPRESSION_TYPE_AT + 1);
      type = head.u8(COMPRESSION_TYPE_AT);
    }
    require(type <= 1 && declared == (type == 1), "has an unknown compression type (" + type + ")");
    int unknown = (int) Math.min(headerLength, Inspector.HEAD_BYTES) - COMPRESSION_TYPE_AT - 1;
    if (unknown > 0) {
      requireHeader(head, COMPRESSION_TYPE_AT + 1 + unknown);
      require(
          head.isZero(COMPRESSION_TYPE_AT + 1, unknown), "has header fields that are not known");
    }
  }

  private void checkExtensions(Bytes head, int from) throws Refusal {
    long end = 1L << clusterBits;
    long at = from;
    boolean encryptionHeader = false;
    while (at < end) {
      require(at + 8 <= Inspector.HEAD_BYTES, "has header extensions of more than 64 KiB");
      requireHeader(head, (int) at + 8);
      long type = head.u32be((int) at);
      long length = head.u32be((int) at + 4);
      if (type == 0) {
        break;
      }
      require(
          KNOWN_EXTENSIONS.contains(type),
          "has a header extension of an unknown type (0x%08x)".formatted(type));
      require(length <= end - at - 8, "has a header extension that does not fit its first cluster");
      long data = at + 8;
      if (type == DATA_FILE_NAME) {
        String name = head.has(data, length) ? head.text((int) data, (int) length) : "?";
        throw unsafe(
            "names an external data file (%s): an image must not read other files;"
                    .formatted(Quote.of(name))
                + " make it whole with qemu-img convert");
      } else if (type == FULL_DISK_ENCRYPTION) {
        require(length >= 16, "has a broken encryption header");
        requireHeader(head, (int) data + 16);
        addPart("encryption header", head.u64be((int) data), head.u64be((int) data + 8));
        encryptionHeader = true;
      } else if (type == BITMAPS) {
        addBitmaps(head, data, length);
      }
      at = data + (length + 7) / 8 * 8;
    }
    checkEncryption(head.u32be(32), encryptionHeader);
  }

  /** Adds the bitmaps only if the header's bit marks them as used; else readers ignore them. */
  private void addBitmaps(Bytes head, long data, long length) throws Refusal {
    require(length == BITMAPS_BYTES, "has a broken header extension for bitmaps");
    requireHeader(head, (int) data + BITMAPS_BYTES);
    if (head.u32be(4) >= 3 && (head.u64be(88) & BITMAPS_IN_USE) != 0) {
      addTable("bitmap directory", head.u64be((int) data + 16), head.u64be((int) data + 8));
    }
  }

  private void checkEncryption(long method, boolean header) throws Refusal {
    require(
        method != LEGACY_AES,
        "is encrypted with the legacy AES method, which is broken:"
            + " decrypt it, or convert it to LUKS encryption with qemu-img convert");
    require(method <= 2, "has an unknown encryption method (" + method + ")");
    require(
        (method == 2) == header,
        header
            ? "has an encryption header, but says that it is not encrypted with it"
            : "says that it is encrypted with LUKS, but has no encryption header");
    if (method != 0) {
      notes.add("encrypted (luks)");
    }
  }

  private void checkTables(Bytes head) throws Refusal {
    long size = head.u64be(24);
    require(size >= 0, "has an impossible virtual size");
    virtualSize = OptionalLong.of(size);

    long l1Entries = head.u32be(36);
    int l2Bits = clusterBits - (extendedL2 ? 4 : 3);
    int bitsPerL1Entry = clusterBits + l2Bits;
    long l1Needed = size == 0 ? 0 : ((size - 1) >>> bitsPerL1Entry) + 1;
    require(l1Entries >= l1Needed, "has an L1 table too small for its virtual size");
    require(l1Entries * 8 <= MAX_L1_BYTES, "has an L1 table of more than 32 MiB");
    if (l1Entries > 0) {
      addTable("L1 table", head.u64be(40), l1Entries * 8);
    }

    long refcountBytes = head.u32be(56) << clusterBits;
    require(refcountBytes > 0, "has no refcount table");
    require(refcountBytes <= MAX_REFCOUNT_TABLE_BYTES, "has a refcount table of more than 8 MiB");
    addTable("refcount table", head.u64be(48), refcountBytes);
  }

  private void checkSnapshots(Bytes head) throws Refusal {
    snapshots = head.u32be(60);
    require(snapshots <= MAX_SNAPSHOTS, "has more than " + MAX_SNAPSHOTS + " internal snapshots");
    if (snapshots > 0) {
      addTable("snapshot table", head.u64be(64), snapshots * MIN_SNAPSHOT_BYTES);
      notes.add(snapshots == 1 ? "1 internal snapshot" : snapshots + " internal snapshots");
    }
  }

  private void addTable(String name, long offset, long length) throws Refusal {
    require(
        offset >>> clusterBits > 0 && offset % (1L << clusterBits) == 0,
        "has its " + name + " at an impossible place");
    addPart(name, offset, length);
  }

  private void addPart(String name, long offset, long length) throws Refusal {
    require(
        offset > 0 && length >= 0 && offset + length > 0,
        "has its " + name + " at an impossible place");
    for (Part other : parts) {
      require(
          offset >= other.end() || offset + length <= other.start(),
          "has its " + name + " on top of its " + other.name());
    }
    parts.add(new Part(name, offset, offset + length));
  }
}
