package dev.darkroom.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32;

/**
 * A raw disk with a partition table, GPT or plain MBR.
 *
 * <p>Source: UEFI 2.10, chapter 5 "GUID Partition Table (GPT) Disk Layout", tables 5.1 to 5.5.
 */
final class GptProbe implements FormatProbe {
  private static final String SIGNATURE = "EFI PART";
  private static final int MIN_HEADER_BYTES = 92;
  private static final int CRC_AT = 16;

  /** Sector numbers in an MBR have 32 bits. */
  private static final long MBR_SECTORS = 1L << 32;

  private OptionalLong virtualSize = OptionalLong.empty();
  private List<String> notes = List.of();
  private boolean protective;
  private long lastByte;

  @Override
  public DiskFormat format() {
    return DiskFormat.GPT;
  }

  @Override
  public String name() {
    return protective ? "gpt" : "mbr";
  }

  @Override
  public boolean recognises(Bytes head) {
    boolean recognised = PartitionTable.in(head);
    protective = recognised && PartitionTable.isProtective(PartitionTable.entries(head));
    return recognised;
  }

  @Override
  public Optional<Window> begin(Bytes head) throws Refusal {
    notes = PartitionTable.notes(head);
    List<PartitionTable.Entry> entries = PartitionTable.entries(head);
    protective = PartitionTable.isProtective(entries);
    if (protective) {
      checkProtective(entries);
      checkHeader(head);
    } else {
      checkPartitions(entries);
    }
    return Optional.empty();
  }

  @Override
  public void end(Ending ending) throws Refusal {
    requireReaches(ending, lastByte, "partition table");
    virtualSize = OptionalLong.of(ending.totalBytes());
  }

  @Override
  public OptionalLong virtualSize() {
    return virtualSize;
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  private void checkPartitions(List<PartitionTable.Entry> entries) throws Refusal {
    for (PartitionTable.Entry entry : entries) {
      require(
          entry.first() > 0 && entry.count() > 0 && entry.end() <= MBR_SECTORS,
          "has an MBR whose partition " + (entry.slot() + 1) + " has no possible place");
      for (PartitionTable.Entry other : entries) {
        require(
            entry.equals(other) || entry.end() <= other.first() || other.end() <= entry.first(),
            "has an MBR whose partitions overlap");
      }
      lastByte = Math.max(lastByte, entry.end() * 512);
    }
  }

  /**
   * Checks the protective MBR. The geometry in the protective entry is often zero or FE FF FF, and
   * no reader uses it. Other entries make a hybrid MBR, which the Raspberry Pi needs.
   */
  private void checkProtective(List<PartitionTable.Entry> entries) throws Refusal {
    List<PartitionTable.Entry> others = new ArrayList<>(entries);
    others.removeIf(PartitionTable.Entry::protective);
    require(others.size() == entries.size() - 1, "has two protective entries in its MBR");
    for (PartitionTable.Entry entry : entries) {
      require(
          !entry.protective() || (entry.first() == 1 && entry.count() > 0),
          "has a protective MBR that does not cover the disk");
    }
    checkPartitions(others);
  }

  private void checkHeader(Bytes head) throws Refusal {
    int sector = head.at(512, SIGNATURE) ? 512 : 4096;
    require(head.at(sector, SIGNATURE), "has a protective MBR, but no GPT header behind it");
    requireHeader(head, sector + MIN_HEADER_BYTES);
    long length = head.u32le(sector + 12);
    require(
        head.u32le(sector + 8) == 0x10000 && length >= MIN_HEADER_BYTES && length <= sector,
        "has a header of an unknown revision or length");
    requireHeader(head, sector + (int) length);
    require(
        crc(head, sector, (int) length) == head.u32le(sector + CRC_AT),
        "has a header whose checksum is wrong");
    long alternate = head.u64le(sector + 32);
    long firstUsable = head.u64le(sector + 40);
    long lastUsable = head.u64le(sector + 48);
    long entrySize = head.u32le(sector + 84);
    require(
        head.u64le(sector + 24) == 1
            && head.u64le(sector + 72) >= 2
            && firstUsable >= 2
            && firstUsable <= lastUsable
            && lastUsable < alternate
            && alternate < Long.MAX_VALUE / sector
            && entrySize >= 128
            && Long.bitCount(entrySize) == 1
            && head.u32le(sector + 80) > 0,
        "has a header that contradicts itself");
    lastByte = Math.max(lastByte, (alternate + 1) * sector);
  }

  /** Checks the checksum, which is calculated with zero in its own field. */
  private static long crc(Bytes head, int at, int length) {
    byte[] header = head.copy(at, length);
    header[CRC_AT] = 0;
    header[CRC_AT + 1] = 0;
    header[CRC_AT + 2] = 0;
    header[CRC_AT + 3] = 0;
    CRC32 crc = new CRC32();
    crc.update(header);
    return crc.getValue();
  }
}
