package dev.darkroom.e2e.dev.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Writes a small disk as qcow2, version 3: uncompressed, without snapshots or a backing file, in
 * one pass from the first byte to the last. The same disk gives the same bytes.
 *
 * <p>Source: QEMU, docs/interop/qcow2.rst. One L2 table and one refcount block are enough for the
 * sizes accepted here.
 */
final class Qcow2Writer {

  private static final int CLUSTER_BITS = 16;

  /** The size of a cluster: 64 KiB, QEMU's default. */
  static final int CLUSTER = 1 << CLUSTER_BITS;

  /** The largest disk: the range of one L2 table with 8-byte entries. */
  static final long MAX_VIRTUAL_SIZE = (long) (CLUSTER / Long.BYTES) * CLUSTER;

  private static final int REFCOUNT_TABLE = 1;
  private static final int REFCOUNT_BLOCK = 2;
  private static final int L1_TABLE = 3;
  private static final int L2_TABLE = 4;
  private static final int FIRST_DATA = 5;

  private static final int HEADER_LENGTH = 104;

  /** The cluster has exactly one reference and may be written in place. */
  private static final long COPIED = 1L << 63;

  /** The guest's view of the disk. */
  interface Disk {

    /** The size in bytes: a multiple of 512, at most {@link #MAX_VIRTUAL_SIZE}. */
    long size();

    /** Whether this cluster may contain bytes other than zero. */
    boolean hasData(int cluster);

    /** Fills the buffer of {@link #CLUSTER} zero bytes with the cluster. */
    void read(int cluster, byte[] into);
  }

  private Qcow2Writer() {}

  /**
   * Writes the image; does not close the stream.
   *
   * @throws IllegalArgumentException if the size is not supported
   */
  static void write(Disk disk, OutputStream out) throws IOException {
    if (disk.size() <= 0 || disk.size() > MAX_VIRTUAL_SIZE || disk.size() % BootSector.SIZE != 0) {
      throw new IllegalArgumentException("unsupported size: " + disk.size());
    }
    int guestClusters = (int) ((disk.size() + CLUSTER - 1) / CLUSTER);
    int dataClusters = 0;
    ByteBuffer l2 = ByteBuffer.allocate(CLUSTER);
    for (int cluster = 0; cluster < guestClusters; cluster++) {
      l2.putLong(disk.hasData(cluster) ? offset(FIRST_DATA + dataClusters++) | COPIED : 0);
    }

    out.write(header(disk.size()));
    out.write(clusterOfOne(offset(REFCOUNT_BLOCK)));
    out.write(refcounts(FIRST_DATA + dataClusters));
    out.write(clusterOfOne(offset(L2_TABLE) | COPIED));
    out.write(l2.array());
    for (int cluster = 0; cluster < guestClusters; cluster++) {
      if (disk.hasData(cluster)) {
        byte[] data = new byte[CLUSTER];
        disk.read(cluster, data);
        out.write(data);
      }
    }
  }

  private static byte[] header(long virtualSize) {
    return ByteBuffer.allocate(CLUSTER)
        .put(new byte[] {'Q', 'F', 'I', (byte) 0xFB})
        .putInt(3) // version
        .putLong(0) // backing file: offset
        .putInt(0) // backing file: length of its name
        .putInt(CLUSTER_BITS)
        .putLong(virtualSize)
        .putInt(0) // encryption: none
        .putInt(1) // L1 table: entries
        .putLong(offset(L1_TABLE))
        .putLong(offset(REFCOUNT_TABLE))
        .putInt(1) // refcount table: clusters
        .putInt(0) // snapshots
        .putLong(0) // snapshots: offset
        .putLong(0) // incompatible features
        .putLong(0) // compatible features
        .putLong(0) // autoclear features
        .putInt(4) // refcounts are 2^4 bits wide
        .putInt(HEADER_LENGTH)
        .array();
  }

  private static byte[] refcounts(int clusters) {
    ByteBuffer block = ByteBuffer.allocate(CLUSTER);
    for (int i = 0; i < clusters; i++) {
      block.putShort((short) 1);
    }
    return block.array();
  }

  private static byte[] clusterOfOne(long entry) {
    return ByteBuffer.allocate(CLUSTER).putLong(entry).array();
  }

  private static long offset(int cluster) {
    return (long) cluster << CLUSTER_BITS;
  }
}
