package dev.darkroom.format;

import java.nio.charset.StandardCharsets;

/**
 * Makes small qcow2 files: an empty disk by default, with whatever else a test asks for. The layout
 * is header, refcount table, refcount block, L1 table, one cluster of 64 KiB each.
 */
public final class Qcow2Image {
  /** Bytes of a cluster. */
  public static final int CLUSTER_BYTES = 64 << 10;

  /** Where {@link #withData} puts its L2 table. */
  public static final int L2_TABLE_AT = 4 * CLUSTER_BYTES;

  private static final long COPIED = 1L << 63;
  private static final int END_OF_HEADER_V2 = 72;
  private static final int END_OF_HEADER_V3 = 112;
  private static final long DATA_FILE_NAME = 0x44415441L;
  private static final long ENCRYPTION = 0x0537BE77L;
  private static final int BACKING_NAME_AT = 512;

  private final ByteBuilder blob = new ByteBuilder(4 * CLUSTER_BYTES);
  private int extensionAt;

  private Qcow2Image(int version, long virtualSize) {
    extensionAt = version == 2 ? END_OF_HEADER_V2 : END_OF_HEADER_V3;
    long l1Entries = (virtualSize + (1L << 29) - 1) >>> 29;
    blob.text(0, "QFI\u00FB")
        .u32be(4, version)
        .u32be(20, 16)
        .u64be(24, virtualSize)
        .u32be(36, l1Entries)
        .u64be(40, 3 * CLUSTER_BYTES)
        .u64be(48, CLUSTER_BYTES)
        .u32be(56, 1)
        .u64be(CLUSTER_BYTES, 2 * CLUSTER_BYTES)
        .u16be(2 * CLUSTER_BYTES, 1)
        .u16be(2 * CLUSTER_BYTES + 2, 1)
        .u16be(2 * CLUSTER_BYTES + 4, 1)
        .u16be(2 * CLUSTER_BYTES + 6, 1);
    if (version == 3) {
      blob.u32be(96, 4).u32be(100, END_OF_HEADER_V3);
    }
  }

  /** Version 2, as {@code qemu-img create -o compat=0.10}. */
  public static Qcow2Image v2(long virtualSize) {
    return new Qcow2Image(2, virtualSize);
  }

  /** Version 3, as {@code qemu-img create} makes today. */
  public static Qcow2Image v3(long virtualSize) {
    return new Qcow2Image(3, virtualSize);
  }

  /** Stores its first cluster: an L2 table in cluster 4, the data in cluster 5. */
  public Qcow2Image withData() {
    blob.u64be(3 * CLUSTER_BYTES, COPIED | L2_TABLE_AT)
        .u64be(L2_TABLE_AT, COPIED | 5 * CLUSTER_BYTES)
        .u16be(2 * CLUSTER_BYTES + 8, 1)
        .u16be(2 * CLUSTER_BYTES + 10, 1)
        .put(6 * CLUSTER_BYTES - 1, new byte[1]);
    return this;
  }

  /** Names a file to read what this one does not hold. */
  public Qcow2Image backingFile(String name) {
    blob.u64be(8, BACKING_NAME_AT).u32be(16, name.length()).text(BACKING_NAME_AT, name);
    return this;
  }

  /** Keeps the data in another file. */
  public Qcow2Image dataFile(String name) {
    return incompatibleFeatures(1 << 2)
        .extension(DATA_FILE_NAME, name.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sets the bits that a reader must know to read the image; version 3 only. */
  public Qcow2Image incompatibleFeatures(long bits) {
    blob.u64be(72, bits);
    return this;
  }

  /** Says that clusters are encrypted with LUKS, header in a cluster of its own. */
  public Qcow2Image encrypted() {
    byte[] place = new ByteBuilder(16).u64be(0, 4L * CLUSTER_BYTES).u64be(8, CLUSTER_BYTES).bytes();
    blob.u32be(32, 2).put(5 * CLUSTER_BYTES - 1, new byte[1]);
    return extension(ENCRYPTION, place);
  }

  /** Says that it has that many snapshots, their table in a cluster of its own. */
  public Qcow2Image snapshots(int count) {
    blob.u32be(60, count).u64be(64, 4L * CLUSTER_BYTES).put(5 * CLUSTER_BYTES - 1, new byte[1]);
    return this;
  }

  /** Appends a header extension. */
  public Qcow2Image extension(long type, byte[] data) {
    blob.u32be(extensionAt, type).u32be(extensionAt + 4, data.length).put(extensionAt + 8, data);
    extensionAt += 8 + (data.length + 7) / 8 * 8;
    return this;
  }

  /** Overwrites 32 bits, to break something. */
  public Qcow2Image u32(int at, long value) {
    blob.u32be(at, value);
    return this;
  }

  /** Overwrites 64 bits, to break something. */
  public Qcow2Image u64(int at, long value) {
    blob.u64be(at, value);
    return this;
  }

  /** Appends zeros, or cuts it off. */
  public Qcow2Image length(int bytes) {
    blob.cutTo(bytes);
    return this;
  }

  /** The file. */
  public byte[] bytes() {
    return blob.bytes();
  }
}
