package dev.darkroom.format;

import dev.darkroom.format.Qcow2Probe.Part;
import java.util.List;

/**
 * Checks the tables of a qcow2: every cluster and table that they point at begins at a cluster
 * boundary inside the file and overlaps no structure that the header names. No reserved bit is set.
 *
 * <p>Source: QEMU {@code docs/interop/qcow2.rst}, sections "Host cluster management", "Cluster
 * mapping" and "Extended L2 entries".
 */
final class Qcow2Tables {

  /** The layouts of an entry of an L2 table. */
  enum L2Layout {
    /** 64 bits; the lowest is reserved. */
    V2,
    /** 64 bits; the lowest means that the cluster reads as zeros. */
    V3,
    /** As V2, followed by 64 bits for 32 subclusters. */
    EXTENDED
  }

  private static final int L1_OFFSET_AT = 40;
  private static final int L1_ENTRIES_AT = 36;
  private static final int REFCOUNT_TABLE_AT = 48;
  private static final int REFCOUNT_CLUSTERS_AT = 56;

  private static final long OFFSET = 0x00FF_FFFF_FFFF_FE00L;
  private static final long L1_RESERVED = 0x7F00_0000_0000_01FFL;
  private static final long REFCOUNT_RESERVED = 0x1FF;
  private static final long L2_RESERVED = 0x3F00_0000_0000_01FEL;
  private static final long COMPRESSED = 1L << 62;
  private static final long ZEROS = 1;
  private static final int ALL_SUBCLUSTERS = 32;

  private final Qcow2Probe probe;
  private final int clusterBits;
  private final L2Layout layout;
  private final List<Part> parts;
  private final TableWalk walk = new TableWalk(TableWalk.Layout.U64_BE);

  private long extendedEntry;
  private long lastTableEnd;
  private long lastRefcountBlock;
  private long lastCluster;

  /** Checks the tables of an image with a valid header. */
  Qcow2Tables(Qcow2Probe probe, Bytes head, int clusterBits, L2Layout layout, List<Part> parts) {
    this.probe = probe;
    this.clusterBits = clusterBits;
    this.layout = layout;
    this.parts = List.copyOf(parts);
    walk.add(head.u64be(L1_OFFSET_AT), head.u32be(L1_ENTRIES_AT) * Long.BYTES, this::l1Entry);
    walk.add(
        head.u64be(REFCOUNT_TABLE_AT),
        head.u32be(REFCOUNT_CLUSTERS_AT) << clusterBits,
        this::refcountEntry);
    walk.followBy(
        1L << clusterBits, layout == L2Layout.EXTENDED ? this::extendedL2Word : this::l2Entry);
  }

  TableWalk walk() {
    return walk;
  }

  /** Refuses an image whose tables point past the end of the file. */
  void end(Ending ending) throws Refusal {
    probe.requireReaches(ending, lastTableEnd, "last L2 table");
    probe.requireBeyond(ending, lastRefcountBlock, "refcount block");
    probe.requireBeyond(ending, lastCluster, "cluster of data");
  }

  private void l1Entry(long index, long entry) throws Refusal {
    requireNothingIn(entry & L1_RESERVED, "L1", index);
    long table = entry & OFFSET;
    if (table != 0) {
      requirePlace(table, "L1", index);
      lastTableEnd = Math.max(lastTableEnd, table + (1L << clusterBits));
      walk.follow(table);
    }
  }

  private void refcountEntry(long index, long entry) throws Refusal {
    requireNothingIn(entry & REFCOUNT_RESERVED, "refcount", index);
    if (entry != 0) {
      if (entry < 0) {
        throw bad("refcount", index, "points nowhere");
      }
      requirePlace(entry, "refcount", index);
      lastRefcountBlock = Math.max(lastRefcountBlock, entry);
    }
  }

  private void l2Entry(long index, long entry) throws Refusal {
    if ((entry & COMPRESSED) != 0) {
      compressedCluster(index, entry);
      return;
    }
    long reserved = layout == L2Layout.V3 ? L2_RESERVED : L2_RESERVED | ZEROS;
    requireNothingIn(entry & reserved, "L2", index);
    cluster(index, entry & OFFSET, (entry & ZEROS) == 0);
  }

  /**
   * Reads half an entry: first a word as in {@link #l2Entry}, then two bits for each subcluster.
   */
  private void extendedL2Word(long word, long value) throws Refusal {
    if (word % 2 == 0) {
      extendedEntry = value;
      return;
    }
    long index = word / 2;
    long zeros = value >>> ALL_SUBCLUSTERS;
    long allocated = value & 0xFFFF_FFFFL;
    if ((extendedEntry & COMPRESSED) != 0) {
      requireNothingIn(value, "L2", index);
      compressedCluster(index, extendedEntry);
      return;
    }
    requireNothingIn(extendedEntry & (L2_RESERVED | ZEROS), "L2", index);
    long offset = extendedEntry & OFFSET;
    if ((allocated & zeros) != 0 || (offset == 0 && allocated != 0)) {
      throw bad("L2", index, "contradicts itself");
    }
    cluster(index, offset, allocated != 0);
  }

  private void cluster(long index, long offset, boolean read) throws Refusal {
    if (offset != 0) {
      requirePlace(offset, "L2", index);
      if (read) {
        lastCluster = Math.max(lastCluster, offset);
      }
    }
  }

  /**
   * Checks an entry of a compressed cluster: the offset in bytes, in the low bits, and a number of
   * sectors, in the high bits. The number of sectors has fewer bits if the clusters are smaller.
   */
  private void compressedCluster(long index, long entry) throws Refusal {
    long offset = entry & ((1L << (62 - (clusterBits - 8))) - 1);
    requireFree(offset, offset + 1, "L2", index);
    lastCluster = Math.max(lastCluster, offset);
  }

  private void requirePlace(long offset, String table, long index) throws Refusal {
    if (offset % (1L << clusterBits) != 0) {
      throw bad(table, index, "does not point at a cluster");
    }
    requireFree(offset, offset + (1L << clusterBits), table, index);
  }

  private void requireFree(long start, long end, String table, long index) throws Refusal {
    if (start < (1L << clusterBits)) {
      throw bad(table, index, "points at its header");
    }
    for (Part part : parts) {
      if (end > part.start() && start < part.end()) {
        throw bad(table, index, "points at its " + part.name());
      }
    }
  }

  private void requireNothingIn(long reserved, String table, long index) throws Refusal {
    if (reserved != 0) {
      throw bad(table, index, "has bits set that mean nothing");
    }
  }

  /** Makes the message only for a refusal: a table may have a billion entries. */
  private Refusal bad(String table, long index, String what) {
    return probe.unsafe("has an %s table whose entry %d %s".formatted(table, index, what));
  }
}
