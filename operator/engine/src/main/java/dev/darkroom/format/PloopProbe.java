package dev.darkroom.format;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Parallels or ploop disk, of the expanding kind.
 *
 * <p>Source: QEMU {@code docs/interop/parallels.txt}; numbers are little-endian, offsets and sizes
 * are in sectors of 512 bytes.
 */
final class PloopProbe implements FormatProbe {
  private static final int SECTOR = 512;
  private static final int HEADER_BYTES = 64;
  private static final String SMALL = "WithoutFreeSpace";
  private static final String LARGE = "WithouFreSpacExt";
  private static final int VERSION = 2;
  private static final long IN_USE = 0x746F6E59L;
  private static final long MAX_CLUSTER_SECTORS = (1L << 31) / SECTOR - 1;

  private final TableWalk tables = new TableWalk(TableWalk.Layout.U32_LE);
  private OptionalLong virtualSize = OptionalLong.empty();
  private List<String> notes = List.of();
  private long entryBytes;
  private long clusterBytes;
  private long tableEnd;
  private long lastCluster;

  @Override
  public DiskFormat format() {
    return DiskFormat.PLOOP;
  }

  @Override
  public boolean recognises(Bytes head) {
    return head.at(0, SMALL) || head.at(0, LARGE);
  }

  @Override
  public Optional<Window> begin(Bytes head) throws Refusal {
    requireHeader(head, HEADER_BYTES);
    long version = head.u32le(16);
    require(version == VERSION, "has version " + version + ", only 2 is known");
    long clusterSectors = head.u32le(28);
    require(
        clusterSectors > 0 && clusterSectors <= MAX_CLUSTER_SECTORS,
        "has clusters of an impossible size");
    boolean large = head.at(0, LARGE);
    long sectors = large ? head.u64le(36) : head.u32le(36);
    long entries = head.u32le(32);
    require(
        sectors >= 0 && sectors <= entries * clusterSectors,
        "has fewer clusters than its virtual size needs");
    clusterBytes = clusterSectors * SECTOR;
    entryBytes = large ? clusterBytes : SECTOR;
    tableEnd = HEADER_BYTES + entries * 4;
    virtualSize = OptionalLong.of(sectors * SECTOR);
    notes = head.u32le(44) == IN_USE ? List.of("not closed cleanly") : List.of();
    tables.add(HEADER_BYTES, entries * 4, this::tableEntry);
    return Optional.empty();
  }

  @Override
  public Optional<TableWalk> tables() {
    return Optional.of(tables);
  }

  @Override
  public void end(Ending ending) throws Refusal {
    requireReaches(ending, tableEnd, "block allocation table");
    requireBeyond(ending, lastCluster, "cluster");
  }

  @Override
  public OptionalLong virtualSize() {
    return virtualSize;
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  private void tableEntry(long index, long entry) throws Refusal {
    if (entry != 0) {
      long start = entry * entryBytes;
      if (start < tableEnd) {
        throw unsafe("has its cluster " + index + " on top of its headers");
      }
      lastCluster = Math.max(lastCluster, start);
    }
  }
}
