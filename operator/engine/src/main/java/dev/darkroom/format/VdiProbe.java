package dev.darkroom.format;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * VirtualBox disk image.
 *
 * <p>Source: VirtualBox {@code src/VBox/Storage/VDICore.h}, structures VDIPREHEADER and
 * VDIHEADER1PLUS; all numbers little-endian.
 */
final class VdiProbe implements FormatProbe {
  private static final int HEADER_BYTES = 512;
  private static final long VERSION = 0x10001;

  /** The offset of the main header, which begins with its own length. */
  private static final int HEADER_AT = 0x48;

  private static final int MIN_HEADER_BYTES = 0x180;
  private static final int MAX_HEADER_END = HEADER_BYTES;
  private static final int SECTOR = 512;

  /**
   * The lowest of the two values for a block without data: this value and the next one mean
   * discarded and not stored.
   */
  private static final long FIRST_UNSTORED = 0xFFFF_FFFEL;

  private static final int DYNAMIC = 1;
  private static final int FIXED = 2;
  private static final int DIFFERENCING = 4;

  private OptionalLong virtualSize = OptionalLong.empty();
  private final TableWalk tables = new TableWalk(TableWalk.Layout.U32_LE);
  private long allocated;
  private long mapEnd;
  private long dataEnd;

  @Override
  public DiskFormat format() {
    return DiskFormat.VDI;
  }

  @Override
  public boolean recognises(Bytes head) {
    return head.at(0x40, "\u007F\u0010\u00DA\u00BE");
  }

  @Override
  public Optional<Window> begin(Bytes head) throws Refusal {
    requireHeader(head, HEADER_BYTES);
    long version = head.u32le(0x44);
    require(
        version == VERSION,
        "has version %d.%d, only 1.1 is known".formatted(version >>> 16, version & 0xFFFF));
    long headerBytes = head.u32le(HEADER_AT);
    require(
        headerBytes >= MIN_HEADER_BYTES && HEADER_AT + headerBytes <= MAX_HEADER_END,
        "has a header of an unknown length (%d bytes)".formatted(headerBytes));
    checkParent(head);
    checkSizes(head);
    return Optional.empty();
  }

  @Override
  public void end(Ending ending) throws Refusal {
    requireReaches(ending, mapEnd, "block map");
    requireReaches(ending, dataEnd, "last block");
  }

  @Override
  public OptionalLong virtualSize() {
    return virtualSize;
  }

  private void checkParent(Bytes head) throws Refusal {
    long type = head.u32le(0x4C);
    require(
        type != DIFFERENCING && head.isZero(0x1A8, 32),
        "is a differencing disk that needs its parent: an image must not read other files;"
            + " clone it with VBoxManage clonemedium");
    require(type == DYNAMIC || type == FIXED, "has an unknown image type (" + type + ")");
  }

  private void checkSizes(Bytes head) throws Refusal {
    long size = head.u64le(0x170);
    long blockBytes = head.u32le(0x178);
    long extraBytes = head.u32le(0x17C);
    long blocks = head.u32le(0x180);
    allocated = head.u32le(0x184);
    long mapAt = head.u32le(0x154);
    long dataAt = head.u32le(0x158);
    require(head.u32le(0x168) == SECTOR, "has sectors that are not of 512 bytes");
    // QEMU ignores the extra bytes, and so reads the blocks at other offsets than VirtualBox.
    require(extraBytes == 0, "has extra bytes in front of each block");
    require(blockBytes >= SECTOR && Long.bitCount(blockBytes) == 1, "has an impossible block size");
    require(
        size >= 0 && size <= blocks * blockBytes && allocated <= blocks,
        "has fewer blocks than its virtual size needs");
    require(
        mapAt >= HEADER_BYTES
            && mapAt % SECTOR == 0
            && dataAt % SECTOR == 0
            && dataAt >= mapAt + blocks * 4,
        "has its block map or its blocks at an impossible place");
    mapEnd = mapAt + blocks * 4;
    dataEnd = dataAt + allocated * blockBytes;
    require(dataEnd >= dataAt, "has more blocks than a file can hold");
    virtualSize = OptionalLong.of(size);
    tables.add(mapAt, mapEnd - mapAt, this::mapEntry);
  }

  @Override
  public Optional<TableWalk> tables() {
    return Optional.of(tables);
  }

  private void mapEntry(long index, long block) throws Refusal {
    if (block >= allocated && block < FIRST_UNSTORED) {
      throw unsafe("has a block map whose entry " + index + " points past its blocks");
    }
  }
}
