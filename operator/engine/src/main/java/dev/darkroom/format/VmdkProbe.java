package dev.darkroom.format;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * VMware virtual disk in a single file: a hosted sparse extent with its descriptor inside.
 *
 * <p>Source: VMware "Virtual Disk Format 5.0", "Hosted Sparse Extents" (header) and
 * "Stream-Optimized Compressed Sparse Extents" (markers, footer); all numbers little-endian, places
 * and sizes in sectors of 512 bytes.
 */
final class VmdkProbe implements Probe {
  private static final int SECTOR = 512;
  private static final String SPARSE_MAGIC = "KDMV";
  private static final String ESX_SPARSE_MAGIC = "COWD";
  private static final long SECOND_DIRECTORY = 1 << 1;
  private static final long COMPRESSED = 1 << 16;
  private static final int DESCRIPTOR_SECTOR = 1;
  private static final int MAX_DESCRIPTOR_SECTORS = Window.MAX_BYTES / SECTOR - 1;
  private static final long MAX_SECTORS = 1L << 53;
  private static final long MAX_GRAIN_SECTORS = 1 << 21;
  private static final int MAX_TABLE_ENTRIES = 512;
  private static final long AT_END = -1;
  private static final long ZEROED_GRAIN = 1;
  private static final int FOOTER_MARKER = 3;
  private static final int END_OF_STREAM_MARKER = 0;

  private static final int CAPACITY_AT = 12;
  private static final int DESCRIPTOR_AT = 28;
  private static final int SECOND_DIRECTORY_AT = 48;
  private static final int DIRECTORY_AT = 56;
  private static final int OVERHEAD_AT = 64;
  private static final int LINE_ENDS_AT = 73;

  private Optional<Bytes> header = Optional.empty();
  private OptionalLong virtualSize = OptionalLong.empty();
  private List<String> notes = List.of();
  private final TableWalk tables = new TableWalk(TableWalk.Layout.U32_LE);
  private long descriptorEnd;
  private long metadataEnd;
  private long grainsFrom;
  private long tableBytes;
  private long lastTable;
  private long lastGrain;

  @Override
  public DiskFormat format() {
    return DiskFormat.VMDK;
  }

  @Override
  public boolean recognises(Bytes head) {
    return head.at(0, SPARSE_MAGIC)
        || head.at(0, ESX_SPARSE_MAGIC)
        || VmdkDescriptor.standsAlone(head);
  }

  @Override
  public Optional<Window> begin(Bytes head) throws Refusal {
    require(
        !head.at(0, ESX_SPARSE_MAGIC),
        "is an ESX sparse extent, only a part of a disk: make one file with qemu-img convert");
    require(
        head.at(0, SPARSE_MAGIC),
        "is a descriptor that names other files: an image must not read other files;"
            + " make one monolithicSparse or streamOptimized file with qemu-img convert");
    requireHeader(head, SECTOR);
    Bytes sparse = head.slice(0, SECTOR);
    header = Optional.of(sparse);
    checkHeader(sparse);
    virtualSize = OptionalLong.of(sparse.u64le(CAPACITY_AT) * SECTOR);
    Window descriptor = descriptorWindow(sparse);
    descriptorEnd = descriptor.end();
    boolean compressed = (sparse.u32le(8) & COMPRESSED) != 0;
    metadataEnd = compressed ? Long.MAX_VALUE : sectorBytes(sparse.u64le(OVERHEAD_AT));
    grainsFrom = compressed ? descriptorEnd : metadataEnd;
    tableBytes = sparse.u32le(44) * 4;
    if (sparse.u64le(DIRECTORY_AT) != AT_END) {
      walkFrom(sparse, DIRECTORY_AT);
      if ((sparse.u32le(8) & SECOND_DIRECTORY) != 0) {
        walkFrom(sparse, SECOND_DIRECTORY_AT);
      }
      tables.followBy(tableBytes, this::tableEntry);
    }
    return Optional.of(descriptor);
  }

  @Override
  public Optional<TableWalk> tables() {
    return Optional.of(tables);
  }

  /** A directory at an impossible place is found at the end. */
  private void walkFrom(Bytes sparse, int at) throws Refusal {
    long end = directoryEnd(sparse, at);
    if (end >= 0) {
      long start = sectorBytes(sparse.u64le(at));
      requireMetadata(start, end, "grain directory");
      tables.add(start, end - start, this::directoryEntry);
    }
  }

  private void directoryEntry(long index, long sector) throws Refusal {
    if (sector != 0) {
      long start = sector * SECTOR;
      requireMetadata(start, start + tableBytes, "grain table");
      lastTable = Math.max(lastTable, start);
      tables.follow(start);
    }
  }

  /**
   * What a guest writes into a grain on top of metadata would be taken for those when the disk is
   * opened again, its descriptor included. Only a compressed disk is never written to, and may have
   * its tables among its grains.
   */
  private void tableEntry(long index, long sector) throws Refusal {
    if (sector != 0 && sector != ZEROED_GRAIN) {
      long start = sector * SECTOR;
      if (start < grainsFrom) {
        throw unsafe("has a grain on top of its metadata");
      }
      lastGrain = Math.max(lastGrain, start);
    }
  }

  private void requireMetadata(long start, long end, String what) throws Refusal {
    if (start < descriptorEnd) {
      throw unsafe("has a " + what + " on top of its descriptor");
    }
    if (end > metadataEnd) {
      throw unsafe("has a " + what + " outside of its metadata");
    }
  }

  @Override
  public Optional<Window> proceed(Bytes descriptor) throws Refusal {
    Bytes sparse = header.orElseThrow();
    VmdkDescriptor.Subformat subformat =
        VmdkDescriptor.parse(descriptor, sparse.u64le(CAPACITY_AT));
    boolean compressed = (sparse.u32le(8) & COMPRESSED) != 0;
    require(
        compressed == (subformat == VmdkDescriptor.Subformat.STREAM_OPTIMIZED),
        "says one subformat in its header and another in its descriptor");
    notes = List.of(subformat.createType());
    return Optional.empty();
  }

  @Override
  public void end(Ending ending) throws Refusal {
    Bytes sparse = header.orElseThrow();
    if (sparse.u64le(DIRECTORY_AT) == AT_END) {
      sparse = footer(ending, sparse);
    }
    requireReaches(ending, sectorBytes(sparse.u64le(OVERHEAD_AT)), "metadata");
    requireReaches(ending, directoryEnd(sparse, DIRECTORY_AT), "grain directory");
    if ((sparse.u32le(8) & SECOND_DIRECTORY) != 0) {
      requireReaches(ending, directoryEnd(sparse, SECOND_DIRECTORY_AT), "second grain directory");
    }
    requireBeyond(ending, lastTable, "grain table");
    requireBeyond(ending, lastGrain, "grain");
  }

  @Override
  public OptionalLong virtualSize() {
    return virtualSize;
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  private void checkHeader(Bytes sparse) throws Refusal {
    long version = sparse.u32le(4);
    require(version >= 1 && version <= 3, "has version " + version + ", only 1 to 3 are known");
    require(
        sparse.at(LINE_ENDS_AT, "\n \r\n"),
        "was damaged by a transfer that converted the ends of lines: send it as binary");
    // QEMU takes a capacity of zero as "open the files that the descriptor names".
    long capacity = sparse.u64le(CAPACITY_AT);
    require(capacity > 0 && capacity < MAX_SECTORS, "has an impossible capacity");
    long grain = sparse.u64le(20);
    require(
        grain > 0 && grain <= MAX_GRAIN_SECTORS && Long.bitCount(grain) == 1,
        "has an impossible grain size");
    long tableEntries = sparse.u32le(44);
    require(
        tableEntries > 0 && tableEntries <= MAX_TABLE_ENTRIES,
        "has grain tables of an impossible size");
    require(sparse.u64le(DIRECTORY_AT) != 0, "has no grain directory");
    require(
        sparse.u64le(DIRECTORY_AT) != AT_END || (sparse.u32le(8) & COMPRESSED) != 0,
        "has its grain directory at its end, but is not compressed");
  }

  private Window descriptorWindow(Bytes sparse) throws Refusal {
    long sectors = sparse.u64le(DESCRIPTOR_AT + 8);
    require(
        sparse.u64le(DESCRIPTOR_AT) == DESCRIPTOR_SECTOR
            && sectors > 0
            && sectors <= MAX_DESCRIPTOR_SECTORS,
        "does not hold its descriptor right behind its header, or it is larger than 1 MiB");
    return new Window((long) DESCRIPTOR_SECTOR * SECTOR, (int) sectors * SECTOR);
  }

  /** The last three sectors: a marker, the footer, the end of the stream. */
  private Bytes footer(Ending ending, Bytes sparse) throws Refusal {
    Bytes tail = ending.tail();
    if (!tail.has(0, 3 * SECTOR)
        || !tail.at(SECTOR, SPARSE_MAGIC)
        || !isMarker(tail.slice(0, SECTOR), FOOTER_MARKER)
        || !isMarker(tail.slice(2 * SECTOR, SECTOR), END_OF_STREAM_MARKER)) {
      throw Refusal.truncated(
          DiskFormat.VMDK, "vmdk is cut off: it does not end in the footer that it announces");
    }
    Bytes footer = tail.slice(SECTOR, SECTOR);
    require(
        footer.slice(0, SECOND_DIRECTORY_AT).sameAs(sparse.slice(0, SECOND_DIRECTORY_AT))
            && footer.at(LINE_ENDS_AT, sparse.text(LINE_ENDS_AT, 6)),
        "has a footer that contradicts its header");
    require(
        footer.u64le(DIRECTORY_AT) != AT_END && footer.u64le(DIRECTORY_AT) != 0,
        "has no grain directory");
    return footer;
  }

  private static boolean isMarker(Bytes sector, int type) {
    return sector.u32le(8) == 0 && sector.u32le(12) == type && sector.isZero(16, SECTOR - 16);
  }

  private static long directoryEnd(Bytes sparse, int at) {
    long sectorsPerTable = sparse.u64le(20) * sparse.u32le(44);
    long tables = (sparse.u64le(CAPACITY_AT) - 1) / sectorsPerTable + 1;
    long start = sectorBytes(sparse.u64le(at));
    return start < 0 ? start : start + tables * 4;
  }

  /** Negative, and so beyond every end, where the product does not fit. */
  private static long sectorBytes(long sectors) {
    return sectors < 0 || sectors >= MAX_SECTORS ? -1 : sectors * SECTOR;
  }
}
