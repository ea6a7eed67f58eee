package dev.darkroom.format;

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

  private OptionalLong virtualSize = OptionalLong.empty();
  private List<String> notes = List.of();
  private long lastByte;

  @Override
  public DiskFormat format() {
    return DiskFormat.GPT;
  }

  @Override
  public boolean recognises(Bytes head) {
    return PartitionTable.in(head);
  }

  @Override
  public Optional<Window> begin(Bytes head) throws Refusal {
    notes = List.of(PartitionTable.describe(head));
    List<PartitionTable.Entry> entries = PartitionTable.entries(head);
    if (entries.stream().anyMatch(PartitionTable.Entry::protective)) {
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
          entry.first() > 0 && entry.count() > 0,
          "has an MBR whose partition " + (entry.slot() + 1) + " has no place");
      for (PartitionTable.Entry other : entries) {
        require(
            entry.equals(other) || entry.end() <= other.first() || other.end() <= entry.first(),
            "has an MBR whose partitions overlap");
      }
      lastByte = Math.max(lastByte, entry.end() * 512);
    }
  }

  private void checkProtective(List<PartitionTable.Entry> entries) throws Refusal {
    require(
        entries.size() == 1 && entries.get(0).slot() == 0,
        "has partitions in its protective MBR beside the protective one,"
            + " so that readers disagree on what the disk holds");
    require(
        entries.get(0).protectiveStart() && entries.get(0).count() > 0,
        "has a protective MBR that does not cover the disk");
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
    lastByte = (alternate + 1) * sector;
  }

  /** The checksum is made as if its own field were zero. */
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
