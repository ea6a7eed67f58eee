package dev.darkroom.format;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Microsoft Hyper-V virtual hard disk, version 2.
 *
 * <p>Source: MS-VHDX, sections 2.2 "Header Section", 2.3 "Log", 2.5 "BAT" and 2.6 "Metadata
 * Region"; all numbers little-endian.
 */
final class VhdxProbe implements FormatProbe {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final Window HEADERS_AND_REGIONS = new Window(64L * KIB, 256 * KIB);
  private static final int FIRST_HEADER_AT = 0;
  private static final int SECOND_HEADER_AT = 64 * KIB;
  private static final int HEADER_BYTES = 4 * KIB;
  private static final int FIRST_REGIONS_AT = 128 * KIB;
  private static final int SECOND_REGIONS_AT = 192 * KIB;
  private static final int TABLE_BYTES = 64 * KIB;
  private static final int MAX_ENTRIES = 2047;
  private static final long MAX_VIRTUAL_BYTES = 64L << 40;

  private static final UUID BLOCK_ALLOCATION =
      UUID.fromString("2dc27766-f623-4200-9d64-115e9bfd4a08");
  private static final UUID METADATA = UUID.fromString("8b7ca206-4790-4b9a-b8fe-575f050f886e");

  private static final UUID FILE_PARAMETERS =
      UUID.fromString("caa16737-fa36-4d43-b3b6-33f0aa44e76b");
  private static final UUID VIRTUAL_DISK_SIZE =
      UUID.fromString("2fa54224-cd1b-4876-b211-5dbed83bf4b8");
  private static final UUID PARENT_LOCATOR =
      UUID.fromString("a8d35f2d-b30b-454d-abf7-d3d84834ab0c");
  private static final Set<UUID> KNOWN_ITEMS =
      Set.of(
          FILE_PARAMETERS,
          VIRTUAL_DISK_SIZE,
          PARENT_LOCATOR,
          UUID.fromString("8141bf1d-a96f-4709-ba47-f233a8faab5f"),
          UUID.fromString("cda348c7-445d-4471-9cc9-e9885251c556"),
          UUID.fromString("beca12ab-b2e6-4523-93ef-c309e000c746"));

  private static final long BLOCK_STATE = 7;
  private static final int UNKNOWN_STATES = 4;
  private static final int STORED = 6;
  private static final long BLOCK_RESERVED = 0xFFFF8;
  private static final long BLOCK_PLACE = ~0xFFFFFL;

  private static final long HAS_PARENT = 1 << 1;
  private static final int ITEM_REQUIRED = 1 << 2;

  private record Extent(String name, long offset, long length) {
    long end() {
      return offset + length;
    }

    boolean holds(long place) {
      return place >= offset && place < end();
    }
  }

  /** What the next window holds. */
  private enum Stage {
    HEADERS,
    METADATA_TABLE,
    ITEMS
  }

  private Stage stage = Stage.HEADERS;
  private final List<Extent> extents = new ArrayList<>();
  private Extent metadata = new Extent("metadata", 0, 0);
  private Extent parameters = metadata;
  private Extent size = metadata;
  private final TableWalk tables = new TableWalk(TableWalk.Layout.U64_LE);
  private Extent blockTable = metadata;
  private long lastBlock;
  private long lastBlockBeforeMetadata;
  private long lastBlockBeforeTable;
  private OptionalLong virtualSize = OptionalLong.empty();
  private long blockBytes;

  @Override
  public DiskFormat format() {
    return DiskFormat.VHDX;
  }

  @Override
  public boolean recognises(Bytes head) {
    return head.at(0, "vhdxfile");
  }

  @Override
  public Optional<Window> begin(Bytes head) {
    return Optional.of(HEADERS_AND_REGIONS);
  }

  @Override
  public Optional<Window> proceed(Bytes window) throws Refusal {
    return switch (stage) {
      case HEADERS -> {
        checkHeaders(window);
        checkRegions(window);
        stage = Stage.METADATA_TABLE;
        yield Optional.of(new Window(metadata.offset(), TABLE_BYTES));
      }
      case METADATA_TABLE -> {
        checkMetadataTable(window);
        stage = Stage.ITEMS;
        yield Optional.of(itemsWindow());
      }
      case ITEMS -> {
        checkItems(window);
        yield Optional.empty();
      }
    };
  }

  @Override
  public void end(Ending ending) throws Refusal {
    for (Extent extent : extents) {
      requireReaches(ending, extent.end(), extent.name());
    }
    requireApart(lastBlockBeforeMetadata, metadata);
    requireApart(lastBlockBeforeTable, blockTable);
    requireBeyond(ending, lastBlock, "block");
  }

  private void requireApart(long block, Extent region) throws Refusal {
    require(
        block == 0 || block + blockBytes <= region.offset(),
        "has a block on top of its " + region.name());
  }

  @Override
  public OptionalLong virtualSize() {
    return virtualSize;
  }

  private void checkHeaders(Bytes window) throws Refusal {
    List<Bytes> valid = new ArrayList<>();
    for (int at : List.of(FIRST_HEADER_AT, SECOND_HEADER_AT)) {
      Bytes header = window.slice(at, HEADER_BYTES);
      if (header.at(0, "head") && checksumHolds(header) && header.u16le(66) == 1) {
        valid.add(header);
      }
    }
    require(!valid.isEmpty(), "has no valid header");
    for (Bytes header : valid) {
      // Replaying the log may rewrite anything, so what we read here would prove nothing.
      require(
          header.isZero(48, 16),
          "was not closed cleanly and has a log to be replayed: open it once, or convert it");
    }
  }

  private void checkRegions(Bytes window) throws Refusal {
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
      require(known || regions.u32le(at + 28) == 0, "needs a region that nobody here knows");
      if (known) {
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
        require(found.put(id, region) == null, "has two regions of the same kind");
      }
    }
    require(found.size() == 2, "has no metadata or no block allocation table");
    extents.addAll(found.values());
    metadata = found.get(METADATA);
    blockTable = found.get(BLOCK_ALLOCATION);
    tables.add(blockTable.offset(), blockTable.length(), this::blockEntry);
  }

  @Override
  public Optional<TableWalk> tables() {
    return Optional.of(tables);
  }

  /**
   * Section 2.5: three bits of state, the place in MiB. That the disk has no parent, which is known
   * when its metadata have passed, leaves no entries but those of blocks with data.
   */
  private void blockEntry(long index, long entry) throws Refusal {
    int state = (int) (entry & BLOCK_STATE);
    if (state < UNKNOWN_STATES) {
      return;
    }
    if (state != STORED) {
      throw unsafe("has its block " + index + " in an unknown state");
    }
    long start = entry & BLOCK_PLACE;
    if ((entry & BLOCK_RESERVED) != 0 || start < MIB) {
      throw unsafe("has its block " + index + " at an impossible place");
    }
    if (metadata.holds(start) || blockTable.holds(start)) {
      throw unsafe("has its block " + index + " on top of its metadata");
    }
    lastBlock = Math.max(lastBlock, start);
    if (start < metadata.offset()) {
      lastBlockBeforeMetadata = Math.max(lastBlockBeforeMetadata, start);
    }
    if (start < blockTable.offset()) {
      lastBlockBeforeTable = Math.max(lastBlockBeforeTable, start);
    }
  }

  private void checkMetadataTable(Bytes table) throws Refusal {
    require(table.at(0, "metadata"), "has no metadata table where its region table says");
    int count = table.u16le(10);
    require(count <= MAX_ENTRIES, "has a metadata table with too many entries");
    Map<UUID, Extent> found = new HashMap<>();
    for (int at = 32; at < 32 + count * 32; at += 32) {
      UUID id = guid(table, at);
      boolean required = (table.u32le(at + 24) & ITEM_REQUIRED) != 0;
      require(KNOWN_ITEMS.contains(id) || !required, "needs metadata that nobody here knows");
      require(!id.equals(PARENT_LOCATOR), NEEDS_PARENT);
      Extent item = new Extent("item", table.u32le(at + 16), table.u32le(at + 20));
      require(found.put(id, item) == null, "has the same metadata item twice");
    }
    parameters = item(found, FILE_PARAMETERS);
    size = item(found, VIRTUAL_DISK_SIZE);
  }

  private Extent item(Map<UUID, Extent> found, UUID id) throws Refusal {
    Extent item = found.get(id);
    require(
        item != null
            && item.length() == 8
            && item.offset() >= TABLE_BYTES
            && item.end() <= Math.min(metadata.length(), MIB),
        "lacks the metadata that says how large it is");
    return item;
  }

  private Window itemsWindow() {
    long from = Math.min(parameters.offset(), size.offset());
    long to = Math.max(parameters.end(), size.end());
    return new Window(metadata.offset() + from, (int) (to - from));
  }

  private void checkItems(Bytes window) throws Refusal {
    long from = Math.min(parameters.offset(), size.offset());
    int at = (int) (parameters.offset() - from);
    blockBytes = window.u32le(at);
    long flags = window.u32le(at + 4);
    require((flags & HAS_PARENT) == 0, NEEDS_PARENT);
    require(
        blockBytes >= MIB && blockBytes <= 256L * MIB && Long.bitCount(blockBytes) == 1,
        "has an impossible block size");
    long bytes = window.u64le((int) (size.offset() - from));
    require(bytes > 0 && bytes <= MAX_VIRTUAL_BYTES, "has an impossible virtual size");
    require(
        ((bytes - 1) / blockBytes + 1) * Long.BYTES <= blockTable.length(),
        "has fewer blocks than its virtual size needs");
    virtualSize = OptionalLong.of(bytes);
  }

  private static final String NEEDS_PARENT =
      "is a differencing disk that needs its parent: an image must not read other files;"
          + " merge it with its parent first";

  /** CRC-32C over the structure as if the checksum, its second word, were zero. */
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
  private static UUID guid(Bytes bytes, int at) {
    long high = bytes.u32le(at) << 32 | (long) bytes.u16le(at + 4) << 16 | bytes.u16le(at + 6);
    return new UUID(high, bytes.u64be(at + 8));
  }
}
