package dev.darkroom.format;

import java.util.ArrayList;
import java.util.List;

/**
 * The partition table in the first sector of a disk.
 *
 * <p>Source: UEFI 2.10, section 5.2.1 "Legacy Master Boot Record" and 5.2.3 "Protective MBR"; for
 * boot sectors of file systems, which end in the same two bytes, Microsoft FAT32 File System
 * Specification 1.03, "Boot Sector and BPB".
 */
final class PartitionTable {
  private static final int SECTOR = 512;
  private static final int ENTRIES_AT = 446;
  private static final int ENTRY_BYTES = 16;
  private static final int ENTRIES = 4;
  private static final int PROTECTIVE = 0xEE;

  /**
   * One used entry.
   *
   * @param first sector, in sectors of the disk
   * @param count of sectors
   * @param usualStart whether the geometry of the start is the geometry of sector 1
   */
  record Entry(int slot, int type, long first, long count, boolean usualStart) {
    boolean protective() {
      return type == PROTECTIVE;
    }

    /** The first sector after it. */
    long end() {
      return first + count;
    }
  }

  private PartitionTable() {}

  /** Whether the head begins with a boot record that has a well-formed, non-empty table. */
  static boolean in(Bytes head) {
    if (!head.has(0, SECTOR) || !head.at(510, "U\u00AA") || isFileSystem(head)) {
      return false;
    }
    for (int slot = 0; slot < ENTRIES; slot++) {
      int status = head.u8(ENTRIES_AT + slot * ENTRY_BYTES);
      if (status != 0 && status != 0x80) {
        return false;
      }
    }
    return !entries(head).isEmpty();
  }

  /** The used entries of a head that has a table. */
  static List<Entry> entries(Bytes head) {
    List<Entry> used = new ArrayList<>();
    for (int slot = 0; slot < ENTRIES; slot++) {
      int at = ENTRIES_AT + slot * ENTRY_BYTES;
      int type = head.u8(at + 4);
      if (type != 0) {
        used.add(
            new Entry(
                slot,
                type,
                head.u32le(at + 8),
                head.u32le(at + 12),
                head.at(at + 1, "\u0000\u0002\u0000")));
      }
    }
    return used;
  }

  /** Returns whether the entries announce a GPT. */
  static boolean isProtective(List<Entry> entries) {
    return entries.stream().anyMatch(Entry::protective);
  }

  /** The kind of the table, and its unusual properties. */
  static List<String> notes(Bytes head) {
    List<Entry> entries = entries(head);
    if (!isProtective(entries)) {
      return List.of("MBR partition table");
    }
    List<String> notes = new ArrayList<>(List.of("GPT partition table"));
    if (entries.size() > 1) {
      notes.add("hybrid MBR");
    }
    if (entries.stream().anyMatch(entry -> entry.protective() && !entry.usualStart())) {
      notes.add("unusual geometry in the protective MBR");
    }
    return notes;
  }

  /** Recognises a volume boot record by its BIOS parameter block, at the place of an MBR's code. */
  private static boolean isFileSystem(Bytes head) {
    boolean jumps = head.u8(0) == 0xE9 || (head.u8(0) == 0xEB && head.u8(2) == 0x90);
    int sectorBytes = head.u16le(11);
    int clusterSectors = head.u8(13);
    boolean parameters =
        sectorBytes >= 512
            && sectorBytes <= 4096
            && Integer.bitCount(sectorBytes) == 1
            && Integer.bitCount(clusterSectors) == 1
            && head.u8(21) >= 0xF0;
    return jumps && parameters;
  }
}
