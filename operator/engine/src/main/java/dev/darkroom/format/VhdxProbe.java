package dev.darkroom.format;

import dev.darkroom.format.VhdxLayout.Extent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * Microsoft Hyper-V virtual hard disk, version 2.
 *
 * <p>Source: MS-VHDX, sections 2.5 "BAT" and 2.6 "Metadata Region"; numbers are little-endian.
 */
final class VhdxProbe implements FormatProbe {
  private static final int MIB = 1 << 20;
  private static final int TABLE_BYTES = 64 << 10;
  private static final int MAX_ENTRIES = 2047;
  private static final long MAX_VIRTUAL_BYTES = 64L << 40;

  private static final UUID FILE_PARAMETERS =
      UUID.fromString("caa16737-fa36-4d43-b3b6-33f0aa44e76b");
  private static final UUID VIRTUAL_DISK_SIZE =
      UUID.fromString("2fa54224-cd1b-4876-b211-5dbed83bf4b8");
  private static final UUID PARENT_LOCATOR =
      UUID.fromString("a8d35f2d-b30b-454d-abf7-d3d84834ab0c");
  private static final UUID LOGICAL_SECTOR_SIZE =
      UUID.fromString("8141bf1d-a96f-4709-ba47-f233a8faab5f");
  private static final UUID PHYSICAL_SECTOR_SIZE =
      UUID.fromString("cda348c7-445d-4471-9cc9-e9885251c556");
  private static final UUID DISK_IDENTIFIER =
      UUID.fromString("beca12ab-b2e6-4523-93ef-c309e000c746");
  private static final Set<UUID> KNOWN_ITEMS =
      Set.of(
          FILE_PARAMETERS,
          VIRTUAL_DISK_SIZE,
          PARENT_LOCATOR,
          LOGICAL_SECTOR_SIZE,
          PHYSICAL_SECTOR_SIZE,
          DISK_IDENTIFIER);

  /** The items that are read, with their lengths in bytes. */
  private static final Map<UUID, Integer> READ_ITEMS =
      Map.of(
          FILE_PARAMETERS,
          8,
          VIRTUAL_DISK_SIZE,
          8,
          LOGICAL_SECTOR_SIZE,
          4,
          PHYSICAL_SECTOR_SIZE,
          4);

  private static final long BLOCK_STATE = 7;
  private static final int UNKNOWN_STATES = 4;
  private static final int STORED = 6;
  private static final long BLOCK_RESERVED = 0xFFFF8;
  private static final long BLOCK_PLACE = ~0xFFFFFL;

  private static final long HAS_PARENT = 1 << 1;
  private static final int ITEM_REQUIRED = 1 << 2;
  private static final String NEEDS_PARENT =
      "is a differencing disk that needs its parent: an image must not read other files;"
          + " merge it with its parent first";

  /** The content of the next window. */
  private enum Stage {
    LAYOUT,
    METADATA_TABLE,
    ITEMS
  }

  private static final Extent NOWHERE = new Extent("", 0, 0);

  private final TableWalk tables = new TableWalk(TableWalk.Layout.U64_LE);
  private Stage stage = Stage.LAYOUT;
  private VhdxLayout layout = new VhdxLayout(NOWHERE, NOWHERE, NOWHERE);
  private Map<UUID, Extent> items = Map.of();
  private long lastBlock;

  /** For each region of the layout, the last block that begins before it. */
  private final long[] lastBlockBefore = new long[3];

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
    return Optional.of(VhdxLayout.WINDOW);
  }

  @Override
  public Optional<Window> proceed(Bytes window) throws Refusal {
    return switch (stage) {
      case LAYOUT -> {
        layout = VhdxLayout.read(window);
        Extent table = layout.blockTable();
        tables.add(table.offset(), table.length(), this::blockEntry);
        stage = Stage.METADATA_TABLE;
        yield Optional.of(new Window(layout.metadata().offset(), TABLE_BYTES));
      }
      case METADATA_TABLE -> {
        items = readMetadataTable(window);
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
  public Optional<TableWalk> tables() {
    return Optional.of(tables);
  }

  @Override
  public void end(Ending ending) throws Refusal {
    for (Extent extent : List.of(layout.metadata(), layout.blockTable())) {
      requireReaches(ending, extent.end(), extent.name());
    }
    for (int i = 0; i < lastBlockBefore.length; i++) {
      requireApart(lastBlockBefore[i], layout.all().get(i));
    }
    requireBeyond(ending, lastBlock, "block");
  }

  @Override
  public OptionalLong virtualSize() {
    return virtualSize;
  }

  private void requireApart(long block, Extent region) throws Refusal {
    require(
        block == 0 || block + blockBytes <= region.offset(),
        "has a block on top of its " + region.name());
  }

  /**
   * Checks an entry (section 2.5): three bits of state, and the offset in MiB. The metadata show
   * that the disk has no parent, so every used entry is that of a block with data.
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
    lastBlock = Math.max(lastBlock, start);
    for (int i = 0; i < lastBlockBefore.length; i++) {
      Extent region = layout.all().get(i);
      if (region.holds(start)) {
        throw unsafe("has its block " + index + " on top of its " + region.name());
      }
      if (start < region.offset()) {
        lastBlockBefore[i] = Math.max(lastBlockBefore[i], start);
      }
    }
  }

  private Map<UUID, Extent> readMetadataTable(Bytes table) throws Refusal {
    require(table.at(0, "metadata"), "has no metadata table where its region table says");
    int count = table.u16le(10);
    require(count <= MAX_ENTRIES, "has a metadata table with too many entries");
    Map<UUID, Extent> found = new HashMap<>();
    for (int at = 32; at < 32 + count * 32; at += 32) {
      UUID id = VhdxLayout.guid(table, at);
      boolean required = (table.u32le(at + 24) & ITEM_REQUIRED) != 0;
      require(KNOWN_ITEMS.contains(id) || !required, "needs metadata that are not known");
      require(!id.equals(PARENT_LOCATOR), NEEDS_PARENT);
      Extent item = new Extent("item", table.u32le(at + 16), table.u32le(at + 20));
      require(found.put(id, item) == null, "has the same metadata item twice");
    }
    for (Map.Entry<UUID, Integer> read : READ_ITEMS.entrySet()) {
      requireItem(found.getOrDefault(read.getKey(), NOWHERE), read.getValue());
    }
    return found;
  }

  private void requireItem(Extent item, int length) throws Refusal {
    require(
        item.length() == length
            && item.offset() >= TABLE_BYTES
            && item.end() <= Math.min(layout.metadata().length(), MIB),
        "lacks the metadata that say how large it and its sectors are");
  }

  private Window itemsWindow() {
    long from = Long.MAX_VALUE;
    long to = 0;
    for (UUID id : READ_ITEMS.keySet()) {
      from = Math.min(from, items.get(id).offset());
      to = Math.max(to, items.get(id).end());
    }
    return new Window(layout.metadata().offset() + from, (int) (to - from));
  }

  private void checkItems(Bytes window) throws Refusal {
    int parameters = placeOf(FILE_PARAMETERS);
    blockBytes = window.u32le(parameters);
    require((window.u32le(parameters + 4) & HAS_PARENT) == 0, NEEDS_PARENT);
    require(
        blockBytes >= MIB && blockBytes <= 256L * MIB && Long.bitCount(blockBytes) == 1,
        "has an impossible block size");
    long sector = window.u32le(placeOf(LOGICAL_SECTOR_SIZE));
    long physical = window.u32le(placeOf(PHYSICAL_SECTOR_SIZE));
    require(
        (sector == 512 || sector == 4096) && (physical == 512 || physical == 4096),
        "has sectors of %d bytes on sectors of %d, not of 512 or 4096".formatted(sector, physical));
    long bytes = window.u64le(placeOf(VIRTUAL_DISK_SIZE));
    require(bytes >= 0 && bytes <= MAX_VIRTUAL_BYTES, "has an impossible virtual size");
    require(bytes % sector == 0, "has a virtual size that is not a number of whole sectors");
    require(
        (bytes + blockBytes - 1) / blockBytes * Long.BYTES <= layout.blockTable().length(),
        "has fewer blocks than its virtual size needs");
    virtualSize = OptionalLong.of(bytes);
  }

  private int placeOf(UUID item) {
    return (int) (items.get(item).offset() - (itemsWindow().offset() - layout.metadata().offset()));
  }
}
