package dev.darkroom.format;

/**
 * The first sector of a sparse VMDK, or its footer, which has the same layout. Numbers are
 * little-endian; offsets and sizes are in sectors of 512 bytes.
 *
 * <p>Source: VMware "Virtual Disk Format 5.0", "Hosted Sparse Extent Header".
 */
final class VmdkHeader {
  static final int SECTOR = 512;
  static final String MAGIC = "KDMV";

  private static final long SECOND_DIRECTORY = 1 << 1;
  private static final long ZEROED_GRAINS = 1 << 2;
  private static final long COMPRESSED = 1 << 16;
  private static final long MARKERS = 1 << 17;
  private static final long KNOWN_FLAGS =
      1 | SECOND_DIRECTORY | ZEROED_GRAINS | COMPRESSED | MARKERS;
  private static final int DEFLATE = 1;

  private static final int MAX_DESCRIPTOR_SECTORS = Window.MAX_BYTES / SECTOR - 1;
  private static final long MAX_SECTORS = 1L << 53;
  private static final long MAX_GRAIN_SECTORS = 1 << 21;
  private static final int MAX_TABLE_ENTRIES = 512;
  private static final long AT_END = -1;

  private static final int DIRECTORIES_AT = 48;
  private static final int CLOSED_CLEANLY_AT = 72;
  private static final int LINE_ENDS_AT = 73;
  private static final int END = 79;

  private final Bytes sector;

  VmdkHeader(Bytes sector) {
    this.sector = sector;
  }

  /** The capacity of the disk, in sectors. */
  long capacity() {
    return sector.u64le(12);
  }

  /** The capacity of the disk, in bytes. */
  long virtualBytes() {
    return capacity() * SECTOR;
  }

  boolean compressed() {
    return flag(COMPRESSED);
  }

  /** Whether an entry of 1 in a grain table means a grain of zeros; else it means sector 1. */
  boolean zeroedGrains() {
    return flag(ZEROED_GRAINS);
  }

  boolean secondDirectory() {
    return flag(SECOND_DIRECTORY);
  }

  /** Returns whether only the footer has the offset of the grain directory. */
  boolean directoryInFooter() {
    return sector.u64le(56) == AT_END;
  }

  /** The offset of the grain directory, in bytes; negative if no file is that long. */
  long directoryStart() {
    return bytes(sector.u64le(56));
  }

  long directoryEnd() {
    return endOfDirectory(directoryStart());
  }

  /** The offset of the second grain directory, in bytes; negative if no file is that long. */
  long secondDirectoryStart() {
    return bytes(sector.u64le(DIRECTORIES_AT));
  }

  long secondDirectoryEnd() {
    return endOfDirectory(secondDirectoryStart());
  }

  /** The size of the metadata, in bytes; negative if no file is that long. */
  long overheadBytes() {
    return bytes(sector.u64le(64));
  }

  long tableBytes() {
    return sector.u32le(44) * 4;
  }

  /**
   * Returns the range in which readers find the descriptor. QEMU always reads the 20 sectors after
   * the header, and ignores the header's fields.
   */
  Window descriptor() throws Refusal {
    long sectors = sector.u64le(36);
    require(
        sector.u64le(28) == 1 && sectors > 0 && sectors <= MAX_DESCRIPTOR_SECTORS,
        "does not hold its descriptor right behind its header, or it is larger than 1 MiB");
    return new Window(SECTOR, Math.max((int) sectors * SECTOR, VmdkDescriptor.READ_BYTES));
  }

  /** Refuses a header that contradicts itself, or that readers interpret in different ways. */
  void check() throws Refusal {
    long version = sector.u32le(4);
    require(version >= 1 && version <= 3, "has version " + version + ", only 1 to 3 are known");
    long flags = sector.u32le(8);
    require((flags & ~KNOWN_FLAGS) == 0, "has unknown flags (0x%x)".formatted(flags));
    require(
        sector.at(LINE_ENDS_AT, "\n \r\n"),
        "was damaged by a transfer that converted the ends of lines: send it as binary");
    // For QEMU, a capacity of zero means "open the files that the descriptor names".
    require(capacity() > 0 && capacity() < MAX_SECTORS, "has an impossible capacity");
    long grain = sector.u64le(20);
    require(
        grain > 0 && grain <= MAX_GRAIN_SECTORS && Long.bitCount(grain) == 1,
        "has an impossible grain size");
    long tableEntries = sector.u32le(44);
    require(
        tableEntries > 0 && tableEntries <= MAX_TABLE_ENTRIES,
        "has grain tables of an impossible size");
    require(sector.u64le(56) != 0, "has no grain directory");
    require(
        !directoryInFooter() || compressed(),
        "has its grain directory at its end, but is not compressed");
    // VMware reads the flags, QEMU reads the algorithm and the flag for markers.
    int algorithm = sector.u16le(77);
    require(
        algorithm <= DEFLATE
            && compressed() == (algorithm == DEFLATE)
            && compressed() == flag(MARKERS),
        "says in one field that it is compressed, and in another that it is not");
    require(
        sector.u8(CLOSED_CLEANLY_AT) <= 1 && sector.isZero(END, SECTOR - END),
        "has other bytes than zeros behind its header");
  }

  /** Refuses a footer that differs from this header, except in the offsets of the directories. */
  void checkFooter(VmdkHeader footer) throws Refusal {
    require(
        footer.sector.slice(0, DIRECTORIES_AT).sameAs(sector.slice(0, DIRECTORIES_AT))
            && footer
                .sector
                .slice(LINE_ENDS_AT, SECTOR - LINE_ENDS_AT)
                .sameAs(sector.slice(LINE_ENDS_AT, SECTOR - LINE_ENDS_AT)),
        "has a footer that contradicts its header");
    require(!footer.directoryInFooter() && footer.sector.u64le(56) != 0, "has no grain directory");
  }

  private boolean flag(long bit) {
    return (sector.u32le(8) & bit) != 0;
  }

  private long endOfDirectory(long start) {
    long sectorsPerTable = sector.u64le(20) * sector.u32le(44);
    long tables = (capacity() - 1) / sectorsPerTable + 1;
    return start < 0 ? start : start + tables * 4;
  }

  /** Converts sectors to bytes; negative, and so beyond every end, if the product does not fit. */
  private static long bytes(long sectors) {
    return sectors < 0 || sectors >= MAX_SECTORS ? -1 : sectors * SECTOR;
  }

  private static void require(boolean holds, String otherwise) throws Refusal {
    if (!holds) {
      throw Refusal.unsafe(DiskFormat.VMDK, "vmdk " + otherwise);
    }
  }
}
