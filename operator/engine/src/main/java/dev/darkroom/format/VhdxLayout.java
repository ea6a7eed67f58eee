package dev.darkroom.format;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The locations of the parts of a VHDX, from its first megabyte.
 *
 * <p>Source: MS-VHDX, sections 2.2 "Header Section" and 2.3 "Log"; numbers are little-endian.
 *
 * @param metadata the metadata region
 * @param blockTable the block allocation table
 * @param log the log, empty or not; its length may be 0
 */
record VhdxLayout(Extent metadata, Extent blockTable, Extent log) {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  /** Both headers and both region tables. */
  static final Window WINDOW = new Window(64L * KIB, 256 * KIB);

  private static final int FIRST_HEADER_AT = 0;
  private static final int SECOND_HEADER_AT = 64 * KIB;
  private static final int HEADER_BYTES = 4 * KIB;
  private static final int FIRST_REGIONS_AT = 128 * KIB;
  private static final int SECOND_REGIONS_AT = 192 * KIB;
  private static final int TABLE_BYTES = 64 * KIB;
  private static final int MAX_ENTRIES = 2047;

  private static final int SEQUENCE_NUMBER_AT = 8;
  private static final int LOG_GUID_AT = 48;
  private static final int LOG_VERSION_AT = 64;
  private static final int VERSION_AT = 66;
  private static final int LOG_LENGTH_AT = 68;
  private static final int LOG_OFFSET_AT = 72;

  private static final UUID BLOCK_ALLOCATION =
      UUID.fromString("2dc27766-f623-4200-9d64-115e9bfd4a08");
  private static final UUID METADATA = UUID.fromString("8b7ca206-4790-4b9a-b8fe-575f050f886e");

  /** A part of the file, in bytes. */
  record Extent(String name, long offset, long length) {
    long end() {
      return offset + length;
    }

    boolean holds(long place) {
      return place >= offset && place < end();
    }
  }

  /** Reads {@link #WINDOW}. */
  static VhdxLayout read(Bytes window) throws Refusal {
    Extent log = checkHeaders(window);
    return checkRegions(window, log);
  }

  private static Extent checkHeaders(Bytes window) throws Refusal {
    List<Bytes> valid = new ArrayList<>();
    for (int at : List.of(FIRST_HEADER_AT, SECOND_HEADER_AT)) {
      Bytes header = window.slice(at, HEADER_BYTES);
      if (header.at(0, "head") && checksumHolds(header) && header.u16le(VERSION_AT) == 1) {
        valid.add(header);
      }
    }
    require(!valid.isEmpty(), "has no valid header");
    for (Bytes header : valid) {
      // Replaying the log may rewrite any part of the file, so a check of the file proves nothing.
      require(
          header.isZero(LOG_GUID_AT, 16),
          "was not closed cleanly and has a log to be replayed: open it once, or convert it");
      require(header.u16le(LOG_VERSION_AT) == 0, "has a log of an unknown version");
    }
    Bytes current = current(valid);
    Extent log = new Extent("log", current.u64le(LOG_OFFSET_AT), current.u32le(LOG_LENGTH_AT));
    require(
        log.length() == 0 || (log.offset() >= MIB && log.end() > 0),
        "has its log at an impossible place");
    return log;
  }

  /**
   * Returns the header with the higher sequence number. Two headers with the same number must be
   * equal.
   */
  private static Bytes current(List<Bytes> valid) throws Refusal {
    if (valid.size() == 1) {
      return valid.get(0);
    }
    int order =
        Long.compareUnsigned(
            valid.get(0).u64le(SEQUENCE_NUMBER_AT), valid.get(1).u64le(SEQUENCE_NUMBER_AT));
    require(
        order != 0 || valid.get(0).sameAs(valid.get(1)),
        "has two headers that differ under one number, so that readers disagree");
    return valid.get(order >= 0 ? 0 : 1);
  }

  private static VhdxLayout checkRegions(Bytes window, Extent log) throws Refusal {
    Bytes regions = window.slice(FIRST_REGIONS_AT, TABLE_BYTES);
    Bytes copy = window.slice(SECOND_REGIONS_AT, TABLE_BYTES);
    require(regions.at(0, "regi") && checksumHolds(regions), "has no valid region table");
    require(
        !copy.at(0, "regi") || !checksumHolds(copy) || copy.sameAs(regions),
        "has two region tables that differ, so that readers disagree on what the disk holds");
    long count = regions.u32le(8);
    require(count <= MAX_ENTRIES, "has a region table with too many entries");
    Map<UUID, Extent> found = new HashMap<>();
    for (int at = 16; at < 16 + count * 32; at += 32) {
      UUID id = guid(regions, at);
      boolean known = id.equals(METADATA) || id.equals(BLOCK_ALLOCATION);
      require(known, "has a region that is not known");
      Extent region = region(regions, at, id);
      require(found.put(id, region) == null, "has two regions of the same kind");
    }
    require(found.size() == 2, "has no metadata or no block allocation table");
    VhdxLayout layout = new VhdxLayout(found.get(METADATA), found.get(BLOCK_ALLOCATION), log);
    layout.requireApart();
    return layout;
  }

  private static Extent region(Bytes regions, int at, UUID id) throws Refusal {
    Extent region =
        new Extent(
            id.equals(METADATA) ? "metadata" : "block allocation table",
            regions.u64le(at + 16),
            regions.u32le(at + 24));
    require(
        region.offset() >= MIB
            && region.offset() % MIB == 0
            && region.length() >= MIB
            && region.end() > 0,
        "has its " + region.name() + " at an impossible place");
    return region;
  }

  /** Returns all three parts, always in this order. */
  List<Extent> all() {
    return List.of(metadata, blockTable, log);
  }

  private void requireApart() throws Refusal {
    List<Extent> all = all();
    for (int i = 0; i < all.size(); i++) {
      for (Extent other : all.subList(i + 1, all.size())) {
        Extent one = all.get(i);
        require(
            one.end() <= other.offset() || other.end() <= one.offset() || other.length() == 0,
            "has its " + other.name() + " on top of its " + one.name());
      }
    }
  }

  /** Checks the CRC-32C of the structure, calculated with zero in its second word, the checksum. */
  private static boolean checksumHolds(Bytes structure) {
    byte[] bytes = structure.copy(0, structure.length());
    for (int i = 4; i < 8; i++) {
      bytes[i] = 0;
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return crc.getValue() == structure.u32le(4);
  }

  /** A GUID as Microsoft stores it: the first three fields little-endian. */
  static UUID guid(Bytes bytes, int at) {
    long high = bytes.u32le(at) << 32 | (long) bytes.u16le(at + 4) << 16 | bytes.u16le(at + 6);
    return new UUID(high, bytes.u64be(at + 8));
  }

  private static void require(boolean holds, String otherwise) throws Refusal {
    if (!holds) {
      throw Refusal.unsafe(DiskFormat.VHDX, "vhdx " + otherwise);
    }
  }
}
