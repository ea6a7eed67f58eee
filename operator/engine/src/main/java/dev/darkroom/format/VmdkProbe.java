package dev.darkroom.format;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * VMware virtual disk in a single file: a hosted sparse extent with its descriptor inside.
 *
 * <p>Source: VMware "Virtual Disk Format 5.0", "Hosted Sparse Extents" and "Stream-Optimized
 * Compressed Sparse Extents" (markers, footer); numbers are little-endian, offsets and sizes are in
 * sectors of 512 bytes.
 */
final class VmdkProbe implements FormatProbe {
  private static final int SECTOR = VmdkHeader.SECTOR;
  private static final String ESX_SPARSE_MAGIC = "COWD";
  private static final long ZEROED_GRAIN = 1;
  private static final int FOOTER_MARKER = 3;
  private static final int END_OF_STREAM_MARKER = 0;

  private final TableWalk tables = new TableWalk(TableWalk.Layout.U32_LE);
  private Optional<VmdkHeader> header = Optional.empty();
  private List<String> notes = List.of();
  private long descriptorEnd;
  private long metadataEnd;
  private long grainsFrom;
  private long lastTable;
  private long lastGrain;

  @Override
  public DiskFormat format() {
    return DiskFormat.VMDK;
  }

  @Override
  public boolean recognises(Bytes head) {
    return head.at(0, VmdkHeader.MAGIC)
        || head.at(0, ESX_SPARSE_MAGIC)
        || VmdkText.standsAlone(head);
  }

  @Override
  public Optional<Window> begin(Bytes head) throws Refusal {
    require(
        !head.at(0, ESX_SPARSE_MAGIC),
        "is an ESX sparse extent, only a part of a disk: make one file with qemu-img convert");
    require(
        head.at(0, VmdkHeader.MAGIC),
        "is a descriptor that names other files: an image must not read other files;"
            + " make one monolithicSparse or streamOptimized file with qemu-img convert");
    requireHeader(head, SECTOR);
    VmdkHeader sparse = new VmdkHeader(head.slice(0, SECTOR));
    sparse.check();
    header = Optional.of(sparse);
    Window descriptor = sparse.descriptor();
    descriptorEnd = descriptor.end();
    metadataEnd = sparse.compressed() ? Long.MAX_VALUE : sparse.overheadBytes();
    grainsFrom = sparse.compressed() ? descriptorEnd : metadataEnd;
    if (!sparse.directoryInFooter()) {
      walkDirectory(sparse.directoryStart(), sparse.directoryEnd());
      if (sparse.secondDirectory()) {
        walkDirectory(sparse.secondDirectoryStart(), sparse.secondDirectoryEnd());
      }
      tables.followBy(sparse.tableBytes(), this::tableEntry);
    }
    return Optional.of(descriptor);
  }

  @Override
  public Optional<TableWalk> tables() {
    return Optional.of(tables);
  }

  @Override
  public Optional<Window> proceed(Bytes descriptor) throws Refusal {
    VmdkHeader sparse = header.orElseThrow();
    VmdkSubformat subformat = VmdkDescriptor.parse(descriptor, sparse.capacity());
    require(
        sparse.compressed() == (subformat == VmdkSubformat.STREAM_OPTIMIZED),
        "says one subformat in its header and another in its descriptor");
    notes = List.of(subformat.createType());
    return Optional.empty();
  }

  @Override
  public void end(Ending ending) throws Refusal {
    VmdkHeader sparse = header.orElseThrow();
    VmdkHeader last = sparse.directoryInFooter() ? footer(ending, sparse) : sparse;
    requireReaches(ending, last.overheadBytes(), "metadata");
    requireReaches(ending, last.directoryEnd(), "grain directory");
    if (last.secondDirectory()) {
      requireReaches(ending, last.secondDirectoryEnd(), "second grain directory");
    }
    requireBeyond(ending, lastTable, "grain table");
    requireBeyond(ending, lastGrain, "grain");
    require(
        sparse.compressed() || !tables.unread(),
        "has grain tables that overlap or stand before their directory");
  }

  @Override
  public OptionalLong virtualSize() {
    return header.isPresent() ? OptionalLong.of(header.get().virtualBytes()) : OptionalLong.empty();
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  /**
   * Adds a grain directory to the walk. The check at the end finds a directory at an impossible
   * offset.
   */
  private void walkDirectory(long start, long end) throws Refusal {
    if (end >= 0) {
      requireMetadata(start, end, "grain directory");
      tables.add(start, end - start, this::directoryEntry);
    }
  }

  private void directoryEntry(long index, long sector) throws Refusal {
    if (sector != 0) {
      long start = sector * SECTOR;
      requireMetadata(start, start + header.orElseThrow().tableBytes(), "grain table");
      lastTable = Math.max(lastTable, start);
      tables.follow(start);
    }
  }

  /**
   * Refuses a grain that overlaps metadata. With such a grain, a guest could write a file name into
   * the descriptor. Only a compressed disk, which is never written to, may have its tables among
   * its grains. An entry of 1 is a grain at the descriptor, unless a flag gives it another meaning.
   */
  private void tableEntry(long index, long sector) throws Refusal {
    boolean zeros = sector == ZEROED_GRAIN && header.orElseThrow().zeroedGrains();
    if (sector != 0 && !zeros) {
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

  /** Reads the last three sectors: a marker, the footer, the end of the stream. */
  private VmdkHeader footer(Ending ending, VmdkHeader sparse) throws Refusal {
    Bytes tail = ending.tail();
    if (!tail.has(0, 3 * SECTOR)
        || !tail.at(SECTOR, VmdkHeader.MAGIC)
        || !isMarker(tail.slice(0, SECTOR), FOOTER_MARKER)
        || !isMarker(tail.slice(2 * SECTOR, SECTOR), END_OF_STREAM_MARKER)
        || tail.u64le(2 * SECTOR) != 0) {
      throw Refusal.truncated(
          DiskFormat.VMDK, "vmdk is cut off: it does not end in the footer that it announces");
    }
    // QEMU counts back from the end of the last whole sector, and would read another footer.
    require(ending.totalBytes() % SECTOR == 0, "has a footer that is not in a sector of its own");
    VmdkHeader footer = new VmdkHeader(tail.slice(SECTOR, SECTOR));
    sparse.checkFooter(footer);
    return footer;
  }

  private static boolean isMarker(Bytes sector, int type) {
    return sector.u32le(8) == 0 && sector.u32le(12) == type && sector.isZero(16, SECTOR - 16);
  }
}
