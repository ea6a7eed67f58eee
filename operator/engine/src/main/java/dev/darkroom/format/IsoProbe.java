package dev.darkroom.format;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * ISO 9660; the system area may contain a partition table.
 *
 * <p>Source: ECMA-119, 4th edition, section 6.2.1 "System Area" and 8 "Volume Descriptors", 8.4
 * "Primary Volume Descriptor".
 */
final class IsoProbe implements FormatProbe {
  private static final int SECTOR = 2048;
  private static final int FIRST_DESCRIPTOR_AT = 16 * SECTOR;
  private static final String IDENTIFIER = "CD001";
  private static final int PRIMARY = 1;

  private OptionalLong virtualSize = OptionalLong.empty();
  private List<String> notes = List.of();
  private long volumeBytes;

  @Override
  public DiskFormat format() {
    return DiskFormat.ISO;
  }

  @Override
  public boolean recognises(Bytes head) {
    return head.at(FIRST_DESCRIPTOR_AT + 1, IDENTIFIER);
  }

  @Override
  public Optional<Window> begin(Bytes head) throws Refusal {
    int at = primaryDescriptor(head);
    long blocks = head.u32le(at + 80);
    int blockBytes = head.u16le(at + 128);
    require(
        blocks == head.u32be(at + 84) && blockBytes == head.u16be(at + 130),
        "gives two different sizes in its primary volume descriptor");
    require(
        blocks > 0 && (blockBytes == 512 || blockBytes == 1024 || blockBytes == SECTOR),
        "has an impossible volume size in its primary volume descriptor");
    volumeBytes = blocks * blockBytes;
    if (PartitionTable.in(head)) {
      notes = PartitionTable.notes(head);
    }
    return Optional.empty();
  }

  @Override
  public void end(Ending ending) throws Refusal {
    requireReaches(ending, volumeBytes, "volume");
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

  private int primaryDescriptor(Bytes head) throws Refusal {
    for (int at = FIRST_DESCRIPTOR_AT; at + SECTOR <= Inspector.HEAD_BYTES; at += SECTOR) {
      requireHeader(head, at + SECTOR);
      if (!head.at(at + 1, IDENTIFIER)) {
        break;
      }
      if (head.u8(at) == PRIMARY) {
        require(head.u8(at + 6) == 1, "has a primary volume descriptor of an unknown version");
        return at;
      }
    }
    throw unsafe("has no primary volume descriptor");
  }
}
