package dev.darkroom.format;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Microsoft virtual hard disk. A dynamic disk begins with a copy of its footer; a fixed disk is a
 * raw disk followed by a footer.
 *
 * <p>Source: Microsoft "Virtual Hard Disk Image Format Specification" 1.0, "Hard Disk Footer
 * Format", "Dynamic Disk Header Format", "Block Allocation Table and Data Blocks"; all numbers
 * big-endian.
 */
final class VhdProbe implements FormatProbe {
  private static final String COOKIE = "conectix";
  private static final int FOOTER_BYTES = 512;
  private static final int CHECKSUM_AT = 64;
  private static final int DYNAMIC_HEADER_BYTES = 1024;
  private static final int DYNAMIC_CHECKSUM_AT = 36;
  private static final int SECTOR = 512;
  private static final long NOT_STORED = 0xFFFF_FFFFL;
  private static final int FIXED = 2;
  private static final int DYNAMIC = 3;
  private static final int DIFFERENCING = 4;

  private Optional<Bytes> copyInFront = Optional.empty();
  private OptionalLong virtualSize = OptionalLong.empty();
  private final TableWalk tables = new TableWalk(TableWalk.Layout.U32_BE);
  private long headerAt;
  private long tableAt;
  private long tableEnd;
  private long storedBlockBytes;
  private long lastBlock;

  /** Returns whether the file ends in a valid footer of a fixed disk that fills the file. */
  static boolean endsAsFixed(Ending ending) {
    return footer(ending)
        .filter(footer -> checksumHolds(footer, CHECKSUM_AT))
        .filter(footer -> footer.u32be(60) == FIXED)
        .filter(footer -> footer.u64be(48) == ending.totalBytes() - FOOTER_BYTES)
        .isPresent();
  }

  @Override
  public DiskFormat format() {
    return DiskFormat.VHD;
  }

  @Override
  public boolean recognises(Bytes head) {
    return head.at(0, COOKIE);
  }

  /** Also accepts the start of a fixed disk, which has no header. */
  @Override
  public Optional<Window> begin(Bytes head) throws Refusal {
    if (!recognises(head)) {
      return Optional.empty();
    }
    requireHeader(head, FOOTER_BYTES);
    Bytes footer = head.slice(0, FOOTER_BYTES);
    checkFooter(footer);
    long type = footer.u32be(60);
    require(
        type != DIFFERENCING,
        "is a differencing disk that needs its parent: an image must not read other files;"
            + " merge it with its parent first");
    require(type == DYNAMIC, "has an unknown disk type (" + type + ") in its first sector");
    headerAt = footer.u64be(16);
    require(
        headerAt >= FOOTER_BYTES && headerAt < Long.MAX_VALUE - DYNAMIC_HEADER_BYTES,
        "has its dynamic disk header at an impossible place");
    copyInFront = Optional.of(footer);
    virtualSize = OptionalLong.of(footer.u64be(48));
    return Optional.of(new Window(headerAt, DYNAMIC_HEADER_BYTES));
  }

  @Override
  public Optional<Window> proceed(Bytes header) throws Refusal {
    require(header.at(0, "cxsparse"), "has no dynamic disk header where its footer says");
    require(
        checksumHolds(header, DYNAMIC_CHECKSUM_AT),
        "has a dynamic disk header whose checksum is wrong");
    require(header.u32be(24) == 0x10000, "has a dynamic disk header of an unknown version");
    String parent = header.text(64, 512).replace("\0", "");
    require(
        header.isZero(40, 16) && parent.isEmpty() && header.isZero(576, 8 * 24),
        "names a parent disk (%s): an image must not read other files; merge it with its parent first"
            .formatted(Quote.of(parent)));
    tableAt = header.u64be(16);
    long blocks = header.u32be(28);
    long blockBytes = header.u32be(32);
    require(blockBytes >= 512 && Long.bitCount(blockBytes) == 1, "has an impossible block size");
    require(
        blocks * blockBytes >= virtualSize.orElseThrow(),
        "has fewer blocks than its virtual size needs");
    tableEnd = tableAt + blocks * 4;
    require(
        tableAt >= FOOTER_BYTES && tableEnd > 0,
        "has its block allocation table at an impossible place");
    long bitmapBytes = (blockBytes / SECTOR / 8 + SECTOR - 1) / SECTOR * SECTOR;
    storedBlockBytes = bitmapBytes + blockBytes;
    tables.add(tableAt, tableEnd - tableAt, this::tableEntry);
    return Optional.empty();
  }

  @Override
  public Optional<TableWalk> tables() {
    return Optional.of(tables);
  }

  /**
   * Refuses a block that overlaps a header: a guest that writes to the block would replace the
   * header.
   */
  private void tableEntry(long index, long sector) throws Refusal {
    if (sector == NOT_STORED) {
      return;
    }
    long start = sector * SECTOR;
    long end = start + storedBlockBytes;
    if (start < FOOTER_BYTES
        || (end > headerAt && start < headerAt + DYNAMIC_HEADER_BYTES)
        || (end > tableAt && start < tableEnd)) {
      throw unsafe("has its block " + index + " on top of its headers");
    }
    lastBlock = Math.max(lastBlock, start);
  }

  @Override
  public void end(Ending ending) throws Refusal {
    Optional<Bytes> footer = footer(ending);
    if (copyInFront.isPresent()) {
      requireReaches(ending, tableEnd, "block allocation table");
      requireBeyond(ending, lastBlock, "block");
      require(!tables.unread(), "has its block allocation table before its header");
      if (footer.isEmpty()) {
        throw Refusal.truncated(DiskFormat.VHD, "vhd is cut off: it does not end in its footer");
      }
      require(
          footer.get().sameAs(copyInFront.get()),
          "has two footers that differ, so that readers disagree on what the disk holds");
      return;
    }
    if (footer.isEmpty()) {
      throw Refusal.unknown(
          "declared as vhd, but the bytes neither begin with a vhd footer nor end in one");
    }
    checkFooter(footer.get());
    require(endsAsFixed(ending), "ends in a footer that does not fit the file before it");
    virtualSize = OptionalLong.of(footer.get().u64be(48));
  }

  @Override
  public OptionalLong virtualSize() {
    return virtualSize;
  }

  private static Optional<Bytes> footer(Ending ending) {
    Bytes tail = ending.tail();
    int at = tail.length() - FOOTER_BYTES;
    return at >= 0 && tail.at(at, COOKIE)
        ? Optional.of(tail.slice(at, FOOTER_BYTES))
        : Optional.empty();
  }

  private void checkFooter(Bytes footer) throws Refusal {
    require(checksumHolds(footer, CHECKSUM_AT), "has a footer whose checksum is wrong");
    require(footer.u32be(12) >>> 16 == 1, "has a footer of an unknown version");
    require(footer.u64be(48) >= 0, "has an impossible virtual size");
  }

  /** The one's complement of the sum of all other bytes. */
  private static boolean checksumHolds(Bytes bytes, int checksumAt) {
    int sum = 0;
    for (int i = 0; i < bytes.length(); i++) {
      if (i < checksumAt || i >= checksumAt + 4) {
        sum += bytes.u8(i);
      }
    }
    return bytes.u32be(checksumAt) == Integer.toUnsignedLong(~sum);
  }
}
